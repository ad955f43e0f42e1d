import { appendFile, readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { rowsOfTable } from '../../infra/tables/stream.ts'
import { exportFiles } from './files.ts'
import { type Cell, endPersonalExports, exportSource } from './index.ts'
import { exportSite } from './testing.ts'

const nasty = [
  '=1+1',
  '+86 138',
  '-2',
  '@SUM(A1)',
  '\t=1',
  '\r=1',
  '＝1',
  "'quoted",
  '逗,号"引\n行',
  ' 空格 ',
  '_x0041_ & <b>',
]
const pages: readonly (readonly (readonly Cell[])[])[] = [[nasty], [nasty.map((_, at) => (at === 0 ? -1.5 : null))]]
const source = exportSource({
  ...{ kind: 'things', name: { zh: '东西', en: 'Things' }, permission: 'products.read', personal: true },
  filters: z.object({ fail: z.boolean().default(false), rows: z.number().optional() }),
  measure: async (_actor, { rows }) => ({ of: '东西/一', rows }),
  cursor: z.int(),
  async read(_actor, { fail }) {
    const all = async function* () {
      for (const [at, rows] of pages.entries()) yield { rows, next: at + 1 }
      if (fail) throw new Error('the source broke')
    }
    return { header: nasty.map((_, at) => `列${at}`), pages: all() }
  },
})
const site = await exportSite({
  sources: () => [source],
  needsApproval: async ({ rows = 0, personal }) => personal && rows > 100,
})
const operator = await site.as('operator')
const other = await site.as('administrator')
const wanted = { kind: 'things', format: 'csv' }

test('a table is written by a job, taken by who asked for it, and gone when its time is over', async () => {
  const asked = await site.ask(operator, wanted)
  expect(asked).toMatchObject({ state: 'asked', title: '东西/一', mine: true, masked: null })
  expect((await site.file(operator, asked.id)).status).toBe(409)
  expect(await site.work()).toBeUndefined()
  const ready = await site.find(operator, asked.id)
  expect(ready).toMatchObject({ state: 'ready', rows: 2, masked: true, downloads: 0 })
  const { status, headers, bytes } = await site.file(operator, asked.id)
  expect(status).toBe(200)
  expect(headers.get('content-disposition')).toContain(encodeURIComponent('东西 一-2026-11-11.csv'))
  expect(bytes.length).toBe(ready.size)
  expect([...bytes.subarray(0, 3)]).toEqual([0xef, 0xbb, 0xbf])
  expect(site.audited.map(({ action }) => action)).toEqual(expect.arrayContaining(['export.ask', 'export.download']))
  // somebody else may see that there is one, but not take it
  expect((await site.file(other, asked.id)).status).toBe(403)
  await site.pass(new Date(ready.expires_at ?? ''))
  expect(await site.find(operator, asked.id)).toMatchObject({ state: 'expired', filters: {}, downloads: 1 })
  expect((await site.file(operator, asked.id)).status).toBe(409)
  expect(await readdir(join(site.dataDir, 'exports'))).toEqual([])
})

test.each(['csv', 'xlsx'] as const)(
  'no cell of a %s is a formula, and what was text is read as the same text',
  async (format) => {
    const { id } = await site.ask(operator, { ...wanted, format })
    expect(await site.work()).toBeUndefined()
    const path = exportFiles(site.dataDir).pathOf(id)
    const rows: (readonly string[])[] = []
    for await (const row of rowsOfTable(path, { format, encoding: 'utf-8', separator: ',' })) rows.push(row)
    const [, first = [], second = []] = rows
    const bare = (cell: string) => cell.replace(/^'(?=[=+\-@\t\r＝])/u, '').trim()
    expect(first.map(bare)).toEqual(nasty.map((cell) => cell.trim()))
    if (format === 'csv') expect(first.filter((cell) => /^[=+\-@\t\r＝]/u.test(cell))).toEqual([])
    expect(second[0]).toBe('-1.5')
  },
)

test('above the limit somebody else has to agree, who reads what it is for', async () => {
  const large = { ...wanted, filters: { rows: 500 } }
  expect((await operator.post('/api/exports', large)).status).toBe(422)
  const asked = await site.ask(operator, { ...large, reason: '会员日短信' })
  expect(asked).toMatchObject({ state: 'waiting', expected: 500 })
  const decide = (who: typeof operator, id: string, verdict: 'agree' | 'refuse', words: string) =>
    who.post(`/api/exports/${id}/decide`, { verdict, words })
  expect((await decide(operator, asked.id, 'agree', '')).status).toBe(403)
  expect((await decide(other, asked.id, 'agree', '可以')).status).toBe(200)
  expect(await site.find(operator, asked.id)).toMatchObject({ state: 'asked', decision: '可以' })
  expect(site.audited.at(-1)).toMatchObject({ action: 'export.decide', after: { verdict: 'agree' }, reason: '可以' })
  await site.work()
  expect(await site.find(operator, asked.id)).toMatchObject({ state: 'ready' })
  const second = await site.ask(operator, { ...large, reason: '会员日短信' })
  expect((await decide(other, second.id, 'refuse', '人太多')).status).toBe(200)
  expect(await site.find(operator, second.id)).toMatchObject({ state: 'refused', decision: '人太多' })
  expect((await decide(other, second.id, 'agree', '')).status).toBe(409)
  // nobody agrees to what he asked for himself
  const own = await site.ask(other, { ...large, reason: '会员日短信' })
  expect((await decide(other, own.id, 'agree', '')).status).toBe(403)
  expect((await other.post(`/api/exports/${own.id}/cancel`)).body).toMatchObject({ state: 'cancelled' })
})

test('what is cancelled, breaks or is killed leaves no half a table', async () => {
  const cancelled = await site.ask(operator, wanted)
  await site.work(1, 'cancelled')
  expect(await site.find(operator, cancelled.id)).toMatchObject({ state: 'cancelled' })
  const broken = await site.ask(operator, { ...wanted, filters: { fail: true } })
  await site.work()
  expect(await site.find(operator, broken.id)).toMatchObject({
    state: 'failed',
    problem: { message: expect.any(String) },
  })
  const killed = await site.ask(operator, wanted)
  await site.work(1, 'killed')
  expect(await site.find(operator, killed.id)).toMatchObject({ state: 'running' })
  expect((await site.file(operator, killed.id)).status).toBe(409)
  expect(await site.work()).toBeUndefined()
  expect(await site.find(operator, killed.id)).toMatchObject({ state: 'ready', rows: 2 })
  expect((await readdir(join(site.dataDir, 'exports'))).sort()).toContain(killed.id)
})

const rowsOfPages = 2_500
const many = exportSource({
  ...{ kind: 'many', name: { zh: '许多', en: 'Many' }, permission: 'products.read', personal: true },
  filters: z.object({}),
  cursor: z.int(),
  measure: async () => ({ rows: 6 * rowsOfPages }),
  async read({ locale }, _filters, _zone, from = 0) {
    const some = async function* () {
      for (let at = from; at < 6; at += 1) {
        readPages.push(at)
        const rows = Array.from({ length: rowsOfPages }, (_, n) => [`${locale} ${at}\u2028`, n, null])
        yield { rows, next: at + 1 }
      }
    }
    return { header: ['a', 'b', 'c'], pages: some() }
  },
})
const readPages: number[] = []
const goingOn = await exportSite({ sources: () => [many] })
const asker = await goingOn.as('operator')
const askMany = (format: 'csv' | 'xlsx') => goingOn.ask(asker, { kind: 'many', format })
const draftOf = (id: string) => `${exportFiles(goingOn.dataDir).pathOf(id)}.part`
const rowsIn = async (id: string, format: 'csv' | 'xlsx') => {
  const rows: (readonly string[])[] = []
  const path = exportFiles(goingOn.dataDir).pathOf(id)
  for await (const row of rowsOfTable(path, { format, encoding: 'utf-8', separator: ',' })) rows.push(row)
  return rows
}

test.each(['csv', 'xlsx'] as const)(
  'a %s whose process is killed is gone on with where it was, to the same rows',
  async (format) => {
    const whole = await askMany(format)
    await goingOn.work()
    const killed = await askMany(format)
    readPages.length = 0
    await goingOn.work(3, 'killed')
    expect(readPages).toEqual([0, 1, 2])
    // what was written and not made durable may be anything after the machine itself went down
    await appendFile(draftOf(killed.id), 'half a li')
    readPages.length = 0
    await goingOn.work(2, 'killed')
    await goingOn.work()
    // made durable every second page: at most those behind it are read again
    expect(readPages).toEqual([2, 3, 4, 5])
    expect(await goingOn.find(asker, killed.id)).toMatchObject({ state: 'ready', rows: 6 * rowsOfPages })
    expect(await rowsIn(killed.id, format)).toEqual(await rowsIn(whole.id, format))
    expect((await readdir(join(goingOn.dataDir, 'exports'))).filter((name) => name.startsWith(killed.id))).toEqual([
      killed.id,
    ])
  },
)

test('for eyes that changed meanwhile a table begins anew; without what was written, or with somebody erased, it ends and says so', async () => {
  const { id } = await askMany('csv')
  await goingOn.work(4, 'killed')
  const language = (locale: string) =>
    goingOn.db.updateTable('accounts').set({ locale }).where('id', '=', asker.accountId).execute()
  await language('en')
  readPages.length = 0
  await goingOn.work()
  expect(readPages).toEqual([0, 1, 2, 3, 4, 5])
  expect((await rowsIn(id, 'csv')).slice(1).every(([first = '']) => first.startsWith('en'))).toBe(true)
  await language('zh')
  const gone = await askMany('csv')
  await goingOn.work(4, 'killed')
  await rm(draftOf(gone.id))
  await goingOn.work()
  expect(await goingOn.find(asker, gone.id)).toMatchObject({
    state: 'failed',
    problem: { message: expect.stringContaining('写了一半'), hint: expect.stringContaining('DATA_DIR') },
  })
  const erased = await askMany('csv')
  await goingOn.work(4, 'killed')
  await goingOn.db.transaction().execute((tx) => endPersonalExports(tx, goingOn.corpId, goingOn.clock.now()))
  await goingOn.work()
  expect(await goingOn.find(asker, erased.id)).toMatchObject({
    state: 'failed',
    problem: { message: expect.stringContaining('抹除') },
  })
})

test('when somebody is erased, every table of persons ends at once', async () => {
  const { id } = await site.ask(operator, wanted)
  await site.work()
  expect((await site.file(operator, id)).status).toBe(200)
  await site.db.transaction().execute((tx) => endPersonalExports(tx, site.corpId, site.clock.now()))
  expect(await site.find(operator, id)).toMatchObject({ state: 'expired', filters: {} })
  expect((await site.file(operator, id)).status).toBe(409)
  const due = await site.db.selectFrom('due').select('key').where('key', '=', id).execute()
  expect(due).toHaveLength(1)
})

test('who may not export asks in vain, also when he lost the right after he asked', async () => {
  const guide = await site.as('guide')
  expect((await guide.post('/api/exports', wanted)).status).toBe(403)
  expect((await operator.post('/api/exports', { ...wanted, kind: 'secrets' })).status).toBe(400)
  expect((await operator.post('/api/exports', { ...wanted, filters: { fail: 7 } })).status).toBe(400)
  const leaving = await site.as('operator')
  const { id } = await site.ask(leaving, wanted)
  await site.db.updateTable('accounts').set({ disabled_at: new Date() }).where('id', '=', leaving.accountId).execute()
  await site.work()
  expect(await site.find(other, id)).toMatchObject({
    state: 'failed',
    problem: { message: expect.stringContaining('停用') },
  })
  // an administrator's file is not masked; when he is an operator later he no longer takes it
  const unmasked = await site.ask(other, wanted)
  await site.work()
  await site.db.updateTable('accounts').set({ role: 'operator' }).where('id', '=', other.accountId).execute()
  expect((await site.file(other, unmasked.id)).status).toBe(403)
  await site.db.updateTable('accounts').set({ role: 'administrator' }).where('id', '=', other.accountId).execute()
})
