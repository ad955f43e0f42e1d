import { spawn } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, expect, it } from 'vitest'
import { z } from 'zod'
import { saveCorp } from './domains/organisation/index.ts'
import { keyScopes } from './infra/auth/caller.ts'
import { createVisitors } from './infra/http/testing.ts'
import { pathStage } from './path-stage.ts'

const stage = await pathStage()
const corp = await saveCorp(stage.services.db, { corpid: 'wwguide', name: '接入示例' }, stage.clock.now())
const administrator = await createVisitors(stage.http, stage.services).as(corp.id)('administrator')
const made = await administrator.post('/api/keys', { name: '示例', scopes: keyScopes })
const env = { NUANYU_URL: stage.url, NUANYU_KEY: z.object({ secret: z.string() }).parse(made.body).secret }

const root = fileURLToPath(new URL('../..', import.meta.url))
const guide = await readFile(join(root, 'docs/integration.md'), 'utf8')
const examples = [...guide.matchAll(/```(sh|ts)\n([\s\S]*?)```/g)].map(([, kind = '', code = '']) => ({ kind, code }))
// within a package that knows the client, so that its import leads where a reader's would
const folder = await mkdtemp(join(root, 'server/src/.examples-'))
afterAll(() => rm(folder, { recursive: true }))

function run(command: string, args: readonly string[]): Promise<{ code: number | null; out: string; err: string }> {
  return new Promise((resolve) => {
    const child = spawn(command, args, { env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'] })
    const said = { out: '', err: '' }
    child.stdout.on('data', (chunk: Buffer) => (said.out += chunk.toString('utf8')))
    child.stderr.on('data', (chunk: Buffer) => (said.err += chunk.toString('utf8')))
    child.on('error', (error) => resolve({ code: -1, out: '', err: error.message }))
    child.on('close', (code) => resolve({ code, ...said }))
  })
}

const hasCurl = (await run('curl', ['--version'])).code === 0

/** What each example prints, in the order of the page. */
const prints: readonly RegExp[] = [
  /^\{"items":\[\],"next_cursor":null\}$/,
  /"accepted":1,"unchanged":0,"rejected":0/,
  /^part_refunded\n$/,
  /^1\n$/,
  /^1\n$/,
  /"accepted":1,"unchanged":0,"rejected":0/,
]

it('every example of the integration guide does what the guide says', async () => {
  expect(examples).toHaveLength(prints.length)
  for (const [place, { kind, code }] of examples.entries()) {
    if (kind === 'sh' && !hasCurl) continue
    const file = join(folder, `example-${place}.ts`)
    if (kind === 'ts') await writeFile(file, code)
    const said = kind === 'sh' ? await run('sh', ['-c', code]) : await run(process.execPath, [file])
    expect([place, said.err, said.code]).toEqual([place, '', 0])
    expect(said.out).toMatch(prints[place] ?? /./)
  }
}, 60_000)
