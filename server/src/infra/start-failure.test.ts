import { once } from 'node:events'
import { createServer } from 'node:net'
import pg from 'pg'
import { expect, test } from 'vitest'
import { startFailure } from './start-failure.ts'

test('a taken port is named, with the setting that changes it', async () => {
  const first = createServer().listen(0, '127.0.0.1')
  await once(first, 'listening')
  const address = first.address()
  const port = typeof address === 'object' ? (address?.port ?? 0) : 0
  const second = createServer().listen(port, '127.0.0.1')
  const [error] = await once(second, 'error')
  first.close()
  expect(startFailure(error)).toContain(`Port ${port} is taken by another program`)
  expect(startFailure(error)).toContain(`端口 ${port} 已被`)
})

test('a database that does not answer is told from a wrong password', async () => {
  const client = new pg.Client({ host: 'localhost', port: 1, user: 'nobody' })
  const error: unknown = await client.connect().then(
    () => undefined,
    (reason: unknown) => reason,
  )
  expect(startFailure(error)).toContain('does not answer')
  const refused = Object.assign(new Error('password authentication failed'), { code: '28P01' })
  expect(startFailure(refused)).toContain('account or password in DATABASE_URL')
})

test('anything else is said as it is', () => {
  expect(startFailure(new Error('something new'))).toBe('something new')
  expect(startFailure('a word')).toBe('a word')
})
