import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { allEndpoints, allWeixinEndpoints } from '@nuanyu/wecom'
import { expect, onTestFinished, test } from 'vitest'

const COMMAND = fileURLToPath(new URL('../bin/nuanyu-sandbox.mjs', import.meta.url))
const run = (...args: string[]) =>
  promisify(execFile)(process.execPath, [COMMAND, ...args]).then(
    ({ stdout }) => ({ code: 0, stdout, stderr: '' }),
    (error: { code: number; stdout: string; stderr: string }) => error,
  )

test('--endpoints prints every declared endpoint as a JSON line', async () => {
  const { stdout } = await run('--endpoints')
  const lines = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))
  expect(lines.map((line) => `${line.group}.${line.name}`)).toEqual([
    ...allEndpoints().map(({ group, name }) => `${group}.${name}`),
    ...allWeixinEndpoints().map(({ group, name }) => `weixin.${group}.${name}`),
  ])
  expect(lines[0]).toMatchObject({ method: 'GET', path: '/cgi-bin/gettoken' })
})

test('wrong arguments end with one sentence that says what to do', async () => {
  for (const args of [
    ['--prot', '1'],
    ['--port', 'x'],
    ['--people', '-5'],
  ]) {
    const { code, stderr } = await run(...args)
    expect(code).toBe(2)
    expect(stderr.trim().split('\n')[0]).toMatch(/^nuanyu-sandbox: /)
  }
})

test('it says where it listens, serves the asked-for size, and ends on SIGTERM', async () => {
  const child = spawn(process.execPath, [COMMAND, '--port', '0', '--people', '30', '--staff', '3', '--seed', 'x'])
  onTestFinished(() => void child.kill('SIGKILL'))
  const ready = JSON.parse(String((await once(child.stdout, 'data'))[0]))
  expect(ready).toMatchObject({ staff: 3, customers: 30, relations: 42, corpId: 'wwfreshfruit00000001' })
  const { corps } = (await (await fetch(`${ready.url}/sandbox/corps`)).json()) as { corps: { name: string }[] }
  expect(corps[0]?.name).toBe('鲜果连锁')
  const busy = await run('--port', new URL(ready.url).port)
  expect(busy.stderr).toContain('is taken')
  child.kill('SIGTERM')
  expect((await once(child, 'exit'))[0]).toBe(0)
})
