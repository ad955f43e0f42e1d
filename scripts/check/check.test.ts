import { spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { tooLong } from './sizes.ts'

const root = join(import.meta.dirname, '..', '..')
const tool = (path: string) => join(root, 'node_modules', path)
let folder: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'nuanyu-check-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

function plant(files: Record<string, string>): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    writeFileSync(join(folder, path), text)
  }
}

function run(path: string, args: string[]): { status: number | null; output: string } {
  const { status, stdout, stderr } = spawnSync(process.execPath, [path, ...args], { cwd: folder, encoding: 'utf8' })
  return { status, output: stdout + stderr }
}

const cruise = () =>
  run(tool('dependency-cruiser/bin/dependency-cruiser.mjs'), ['--config', join(root, '.dependency-cruiser.mjs'), '.'])

const innocent = { 'server/src/domains/groups/index.ts': 'export const groups = 1\n' }

test('imports without a fault pass the doors and layers', () => {
  plant({
    ...innocent,
    'server/src/app.ts': "import { groups } from './domains/groups/index.ts'\nconsole.log(groups)\n",
  })
  expect(cruise()).toMatchObject({ status: 0 })
})

test.each<[rule: string, from: string, to: string]>([
  ['doors', 'server/src/domains/reach/index.ts', 'server/src/domains/groups/group.ts'],
  ['doors-from-outside', 'server/src/app.ts', 'server/src/domains/groups/group.ts'],
  ['infra-below', 'server/src/infra/http/server.ts', 'server/src/domains/groups/index.ts'],
  ['packages-alone', 'packages/wecom/src/index.ts', 'server/src/infra/clock.ts'],
  ['wecom-first', 'packages/wecom/src/index.ts', 'packages/sandbox/src/index.ts'],
  ['pure-rules', 'server/src/domains/groups/rule.ts', 'server/src/domains/groups/group.store.ts'],
  ['pure-rules', 'server/src/domains/groups/rule.ts', 'server/src/infra/db/database.ts'],
  ['schemas-are-shapes', 'server/src/domains/groups/group.schema.ts', 'server/src/domains/groups/group.store.ts'],
  ['routes-at-the-edge', 'server/src/domains/groups/group.jobs.ts', 'server/src/domains/groups/group.routes.ts'],
  ['tests-stay-tests', 'server/src/app.ts', 'server/src/infra/postgres/testing.ts'],
  ['web-apart', 'web/console/main.tsx', 'server/src/infra/clock.ts'],
  ['apps-apart', 'web/console/main.tsx', 'web/phone/main.tsx'],
  [
    'kept-reads-nothing-upward',
    'server/src/domains/audiences/kept/feed.ts',
    'server/src/domains/audiences/saved/member.ts',
  ],
])('%s: %s may not import %s', (rule, from, to) => {
  const way = `${'../'.repeat(from.split('/').length - 1)}${to}`
  plant({
    ...innocent,
    [to]: 'export const thing = 1\n',
    [from]: `import { thing } from '${way}'\nconsole.log(thing)\n`,
  })
  const { status, output } = cruise()
  expect(output).toContain(`error ${rule}:`)
  expect(status).not.toBe(0)
})

test('a rule that brings its own SQL is found', () => {
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'))
  plant({ 'server/src/domains/groups/group.jobs.ts': "import { sql } from 'kysely'\nconsole.log(sql)\n" })
  expect(cruise().output).toContain('error database-in-stores:')
})

test('a circle of files is found, a circle of types is not', () => {
  plant({
    'server/src/infra/a.ts': "import { b } from './b.ts'\nexport const a = b\nexport type A = 1\n",
    'server/src/infra/b.ts': "import type { A } from './a.ts'\nexport const b: A = 1\n",
  })
  expect(cruise().status).toBe(0)
  plant({ 'server/src/infra/b.ts': "import { a } from './a.ts'\nexport const b = () => a\n" })
  expect(cruise().output).toContain('error no-cycles:')
})

test('a circle of two rooms through their doors is found', () => {
  plant({
    'server/src/domains/groups/index.ts':
      "import { reach } from '../reach/index.ts'\nexport const groups = () => reach\n",
    'server/src/domains/reach/index.ts':
      "import { groups } from '../groups/index.ts'\nexport const reach = () => groups\n",
  })
  expect(cruise().output).toContain('error no-cycles-of-rooms:')
})

test('a file that nothing uses is found', () => {
  cpSync(join(root, 'knip.json'), join(folder, 'knip.json'))
  plant({
    'package.json': '{ "name": "x", "type": "module", "workspaces": ["server"] }',
    'server/package.json': '{ "name": "y", "type": "module" }',
    'server/src/main.ts': 'console.log(1)\n',
    'server/src/forgotten.ts': 'export const forgotten = 1\n',
  })
  const { status, output } = run(tool('knip/bin/knip.js'), ['--no-progress'])
  expect(output).toContain('forgotten.ts')
  expect(status).not.toBe(0)
})

test('a type error is found', () => {
  plant({
    'tsconfig.json': JSON.stringify({
      extends: join(root, 'tsconfig.json'),
      compilerOptions: { types: [] },
      include: ['*.ts'],
    }),
    'wrong.ts': 'export const first: string = [1][0]\n',
  })
  const { status, output } = run(tool('typescript/bin/tsc'), ['-p', '.', '--noEmit'])
  expect(output).toContain('wrong.ts(1,14)')
  expect(status).not.toBe(0)
})

test.each([
  ['a layout of one’s own', 'export const  x = 1;\n'],
  ['any', 'export const x = (y: any) => y\n'],
  ['!', 'export const x = (y?: string) => y!.length\n'],
])('format and lint refuse %s', (_what, text) => {
  cpSync(join(root, 'biome.json'), join(folder, 'biome.json'))
  plant({ 'wrong.ts': text })
  const { status } = run(tool('@biomejs/biome/bin/biome'), [
    'check',
    '--error-on-warnings',
    '--vcs-enabled=false',
    'wrong.ts',
  ])
  expect(status).not.toBe(0)
})

test('a file of more than 600 lines is found, a generated one may be long', () => {
  plant({ 'long.ts': 'x\n'.repeat(601), 'just.ts': 'x\n'.repeat(600), 'long.gen.ts': 'x\n'.repeat(9000) })
  expect(tooLong(folder, ['long.ts', 'just.ts', 'long.gen.ts'])).toEqual([{ file: 'long.ts', lines: 601 }])
})

test('a generated client that is behind the API is found', () => {
  plant({ 'openapi.json': JSON.stringify({ openapi: '3.1.0', info: { title: 'x', version: '1' }, paths: {} }) })
  const { status, output } = run(join(root, 'web/scripts/api-generate.mjs'), [
    '--from',
    join(folder, 'openapi.json'),
    '--check',
  ])
  expect(output).toContain('npm run api:generate')
  expect(status).toBe(1)
})
