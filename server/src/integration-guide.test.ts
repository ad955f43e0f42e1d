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
await stage.services.db
  .insertInto('stores')
  .values({ id: crypto.randomUUID(), corp_id: corp.id, code: 'SH001', name: '一店', created_at: stage.clock.now() })
  .execute()
const connector = await administrator.post('/api/connectors', {
  ...{ kind: 'webhook', name: '收银' },
  config: {
    ...{ kind: 'orders', source: 'pos', money: 'yuan' },
    fields: {
      ...{
        number: 'no',
        updated_at: 'at',
        ordered_at: 'at',
        paid_at: 'at',
        amount: 'pay',
        'customer.member_no': 'vip',
      },
      ...{ 'lines[].product': 'sku', 'lines[].quantity': '=1', 'lines[].price': 'pay' },
    },
  },
})
const { connector: joined, secret } = z
  .object({ connector: z.object({ address: z.string() }), secret: z.string() })
  .parse(connector.body)
const env = {
  ...{ NUANYU_URL: stage.url, NUANYU_KEY: z.object({ secret: z.string() }).parse(made.body).secret },
  NUANYU_CONNECTOR_URL: `${stage.url}${new URL(joined.address).pathname}`,
  NUANYU_CONNECTOR_SECRET: secret,
}

const root = fileURLToPath(new URL('../..', import.meta.url))
const examplesOf = async (page: string) =>
  [...(await readFile(join(root, page), 'utf8')).matchAll(/```(sh|ts)\n([\s\S]*?)```/g)].map(
    ([, kind = '', code = '']) => ({ kind, code }),
  )
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
const pages: Readonly<Record<string, readonly RegExp[]>> = {
  'docs/integration.md': [
    /^\{"items":\[\],"next_cursor":null\}$/,
    /"accepted":1,"unchanged":0,"rejected":0/,
    /^part_refunded\n$/,
    /^1\n$/,
    /^1\n$/,
    /"accepted":1,"unchanged":0,"rejected":0/,
  ],
  'packages/client/EXAMPLES.md': [
    /^1497 N0 amount, N500 amount, N1000 amount\n$/,
    /^name, at\n$/,
    /^2 part_refunded 1500\n$/,
    /^accepted \n水果 12\n$/,
    /^1497 1482030\n$/,
    /^401 unauthenticated\n$/,
    /^200 \{"accepted":1,"unchanged":0,"rejected":0\}\n$/,
  ],
}

it.each(Object.entries(pages))(
  'every example of %s does what it says',
  async (page, prints) => {
    const examples = await examplesOf(page)
    expect(examples).toHaveLength(prints.length)
    for (const [place, { kind, code }] of examples.entries()) {
      if (kind === 'sh' && !hasCurl) continue
      const file = join(folder, `example-${place}.ts`)
      if (kind === 'ts') await writeFile(file, code)
      const said = kind === 'sh' ? await run('sh', ['-c', code]) : await run(process.execPath, [file])
      expect([place, said.err, said.code]).toEqual([place, '', 0])
      expect(said.out).toMatch(prints[place] ?? /./)
    }
  },
  60_000,
)
