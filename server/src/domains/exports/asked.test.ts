import { expect, test } from 'vitest'
import { z } from 'zod'
import { askedView, exportView } from './exports.schema.ts'
import { exportSource } from './index.ts'
import { exportSite } from './testing.ts'
import { answerDays } from './waiting.ts'

const source = exportSource({
  ...{ kind: 'things', name: { zh: '东西', en: 'Things' }, permission: 'products.read', personal: true },
  filters: z.object({ rows: z.number() }),
  measure: async (_actor, { rows }) => ({ rows }),
  about: async () => ({ zh: '90 天内买过', en: 'bought within 90 days' }),
  cursor: z.never(),
  read: async () => ({ header: ['客户编号', '姓名'], pages: (async function* () {})() }),
})
const site = await exportSite({ sources: () => [source], needsApproval: async ({ rows = 0 }) => rows > 100 })
const operator = await site.as('operator')
const approver = await site.as('administrator')
const wanted = { kind: 'things', format: 'csv', filters: { rows: 500 }, reason: '会员日' }
const decide = (who: typeof operator, id: string, verdict: 'agree' | 'refuse', words = '') =>
  who.post(`/api/exports/${id}/decide`, { verdict, words })
const alarms = () => site.db.selectFrom('alarms').select(['key', 'cleared_at']).orderBy('key').execute()

test('who has to agree sees who asked, of what, how many and which columns, masked as who asked sees them', async () => {
  const { id } = await site.ask(operator, wanted)
  const asked = (await approver.get(`/api/exports/${id}/asked`)).as(askedView)
  expect(asked).toMatchObject({ about: { zh: '90 天内买过' }, columns: ['客户编号', '姓名'], masked: true })
  expect(await site.find(approver, id)).toMatchObject({
    expected: 500,
    reason: '会员日',
    state: 'waiting',
    mine: false,
  })
  expect(await alarms()).toEqual([{ key: `export.waiting:${id}`, cleared_at: null }])
  expect((await decide(approver, id, 'agree', '可以')).as(exportView)).toMatchObject({
    state: 'asked',
    decision: '可以',
  })
  expect((await alarms())[0]?.cleared_at).not.toBeNull()
  expect(site.audited.map(({ action }) => action)).toContain('export.decide')
})

test('its name is told in the language of who reads it; what it is of keeps its own, as do those asked for before', async () => {
  const whole = await site.ask(operator, wanted)
  expect(whole.title).toBe('东西')
  const inEnglish = async (id: string) => {
    const reply = await operator.send(`/api/exports/${id}`, { headers: { 'x-language': 'en' } })
    return exportView.parse(await reply.json()).title
  }
  expect(await inEnglish(whole.id)).toBe('Things')
  const waiting = await site.db.selectFrom('alarms').select('title').where('key', 'like', `%${whole.id}`).execute()
  expect(JSON.stringify(waiting)).toContain('“Things”')
  await site.db.updateTable('exports').set({ title: '会员日的客户' }).where('id', '=', whole.id).execute()
  expect(await inEnglish(whole.id)).toBe('会员日的客户')
})

test('nobody agrees to his own, whatever he may; nor without the permission; nor refuses without a reason', async () => {
  const own = await site.ask(approver, wanted)
  expect((await decide(approver, own.id, 'agree')).status).toBe(403)
  const { id } = await site.ask(operator, wanted)
  const other = await site.as('operator')
  expect((await decide(other, id, 'agree')).status).toBe(403)
  expect((await other.get(`/api/exports/${id}/asked`)).status).toBe(403)
  expect((await decide(approver, id, 'refuse')).status).toBe(422)
  expect((await decide(approver, id, 'refuse', '人太多')).as(exportView)).toMatchObject({ state: 'refused' })
  expect((await decide(approver, id, 'agree')).status).toBe(409)
})

test('what nobody answers ends by itself, and is not agreed to afterwards', async () => {
  const { id } = await site.ask(operator, wanted)
  await site.pass(new Date(site.clock.now().getTime() + answerDays * 86_400_000))
  expect(await site.find(operator, id)).toMatchObject({ state: 'expired', rows: null })
  expect((await decide(approver, id, 'agree')).status).toBe(409)
  expect((await alarms()).filter((one) => one.key.endsWith(id) && one.cleared_at === null)).toEqual([])
})
