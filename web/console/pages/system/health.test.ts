import fc from 'fast-check'
import { expect, test } from 'vitest'
import { parseHealth } from './health.ts'

test('a healthy answer is read as it is', () => {
  const answer = {
    ok: true,
    version: '0.1.0',
    database: { kind: 'embedded', version: '18.1' },
    migration: '0007_audit',
    roles: ['http', 'worker'],
    sandbox: true,
    inbox: { depth: 3, stored: 12, oldest_s: 0.4, dead: 0 },
    jobs: { waiting: 2 },
  }
  expect(parseHealth(answer)).toEqual({ ...answer, problem: null })
})

test('what a server in trouble does not know stays unknown instead of becoming zero', () => {
  const health = parseHealth({ ok: false, inbox: { depth: 5, stored: null }, jobs: {}, problem: '数据库没有应答' })
  expect(health.ok).toBe(false)
  expect(health.inbox).toEqual({ depth: 5, stored: null, oldest_s: null, dead: null })
  expect(health.problem).toBe('数据库没有应答')
})

test('any answer at all can be read', () => {
  fc.assert(fc.property(fc.anything(), (raw) => typeof parseHealth(raw).ok === 'boolean'))
})
