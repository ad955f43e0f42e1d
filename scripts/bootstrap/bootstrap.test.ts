import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
// @ts-expect-error: plain JavaScript, because it runs before there is anything else
import { installed } from './dependencies.mjs'

const bootstrap = join(import.meta.dirname, '..', 'bootstrap.mjs')
let folder: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'nuanyu-bootstrap-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

function modules(asked: object, present: object | undefined): boolean {
  writeFileSync(join(folder, 'package-lock.json'), JSON.stringify({ packages: asked }))
  if (present) {
    mkdirSync(join(folder, 'node_modules'), { recursive: true })
    writeFileSync(join(folder, 'node_modules', '.package-lock.json'), JSON.stringify({ packages: present }))
  }
  return installed(folder)
}

const hono = { 'node_modules/hono': { version: '4.0.0' } }

test('dependencies count as installed exactly when they are what the lock file asks for', () => {
  expect(modules(hono, undefined)).toBe(false)
  expect(modules(hono, hono)).toBe(true)
  expect(modules(hono, { 'node_modules/hono': { version: '3.9.0' } })).toBe(false)
  expect(modules({ ...hono, 'node_modules/zod': { version: '4.0.0' } }, hono)).toBe(false)
})

test('the workspaces themselves and packages for other systems need not be there', () => {
  const others = {
    '': {},
    server: {},
    'node_modules/@nuanyu/server': { link: true },
    'node_modules/x-darwin': { version: '1.0.0', optional: true },
  }
  expect(modules({ ...hono, ...others }, hono)).toBe(true)
})

test('an old Node gets as far as the sentence that says what to do', () => {
  const source = readFileSync(bootstrap, 'utf8')
  expect(source).not.toMatch(/^import /m) // would be loaded before the check
  const old = source.replace('process.versions.node', "'16.20.2'")
  writeFileSync(join(folder, 'old.mjs'), old)
  const { status, stderr } = spawnSync(process.execPath, [join(folder, 'old.mjs'), 'start'], { encoding: 'utf8' })
  expect(stderr).toContain('Nuanyu needs Node 18 or newer')
  expect(stderr).toContain('暖域需要 Node 18')
  expect(status).toBe(1)
})

test('an unknown task is answered with those that exist', () => {
  const { status, stderr } = spawnSync(process.execPath, [bootstrap, 'strat'], { encoding: 'utf8' })
  expect(stderr).toContain('start, sandbox, test')
  expect(status).toBe(1)
})

test('a signal reaches the task, and the task decides when and how it ends', async () => {
  const task =
    "process.on('SIGINT', () => setTimeout(() => process.exit(7), 50)); console.log('up'); setInterval(() => {}, 1000)"
  const runner = `import { run } from '${new URL('./run.mjs', import.meta.url).href}'
    process.exitCode = await run(process.execPath, ['-e', ${JSON.stringify(task)}])`
  const child: ChildProcess = spawn(process.execPath, ['--input-type=module', '-e', runner], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  if (child.stdout) await once(child.stdout, 'data')
  child.kill('SIGINT')
  const [code] = await once(child, 'exit')
  expect(code).toBe(7)
})
