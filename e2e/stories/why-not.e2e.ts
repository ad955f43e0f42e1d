import { expect, test } from 'vitest'
import { recordTouches } from '../../server/src/domains/reach/index.ts'
import { openStage } from '../support/stage.ts'

// «为什么没收到» of three persons: one is excluded, one is held out, one has had four sends this week (the demo brand's cap)
const stage = await openStage('why-not', { at: '2026-12-02T10:00:00+08:00', people: 60, staff: 8 })
const { db } = stage
const sizes = [
  { width: 1440, height: 900 },
  { width: 390, height: 844 },
] as const
const spec = {
  goal: { metric: 'order', window_hours: 72, baseline: 0.02 },
  whom: { rule: { all: [] } },
  exclusions: [
    { name: '陈晓雨的老客', whom: { rule: { is: 'relation', by: 'staff', any: ['chenxiaoyu'], state: 'alive' } } },
  ],
  variants: [{ name: 'A', content: { text: '{品牌}：新品到店。不想常收到？{少打扰}' }, for: null, share: 100 }],
  ...{ schedule: { kind: 'now' }, window: null, holdout_permille: 300 },
}

test('an operator asks why three customers do not get a send, and is told of each', async () => {
  const { page, call, open } = await stage.console('operator')
  const made = await call<{ id: string }>('POST', '/api/campaigns', { name: '新品到店', spec })
  expect(made.status).toBe(201)
  const { id } = made.body
  const rehearse = async () => {
    const before = (await planned()).at(-1)?.id ?? 0
    await call('POST', `/api/campaigns/${id}/rehearse`, {})
    await expect.poll(async () => (await planned()).at(-1)?.id ?? 0, { timeout: 60_000 }).toBeGreaterThan(before)
  }
  const planned = () =>
    db.selectFrom('campaign_runs').select('id').where('state', '=', 'planned').orderBy('id').execute()
  const someone = async (fate: number) => {
    const run = (await planned()).at(-1)
    const found = () =>
      db
        .selectFrom('campaign_recipients')
        .select(['customer_id', 'corp_id'])
        .where('run_id', '=', run?.id ?? 0)
        .where('fate', '=', fate)
        .orderBy('customer_id')
        .executeTakeFirst()
    const row = await found()
    if (row === undefined) throw new Error(`nobody has the fate ${fate}`)
    return row
  }
  // until the people of the brand have been read there is nobody to send to
  const known = async () => {
    await rehearse()
    const run = (await planned()).at(-1)
    const rows = db
      .selectFrom('campaign_recipients')
      .select('fate')
      .where('run_id', '=', run?.id ?? 0)
    return new Set((await rows.execute()).map(({ fate }) => fate))
  }
  for (const fate of Object.values(fates)) await expect.poll(known, { timeout: 30_000, interval: 500 }).toContain(fate)
  // one of those who would get it had four sends in the last hours
  const full = await someone(fates.sent_to)
  const at = new Date(Date.parse('2026-12-02T08:00:00+08:00'))
  await db.transaction().execute((tx) =>
    recordTouches(
      tx,
      [1, 2, 3, 4].map((n) => ({
        ...{ customerId: full.customer_id, corpId: full.corp_id, at, effect: `campaign:story:${n}` },
        ...({ channel: 'customer_send', kind: 'marketing', sender: 'chenxiaoyu' } as const),
      })),
    ),
  )
  await rehearse()
  const asked = [
    { what: 'capped', who: full.customer_id, says: '7 天内的次数已到上限' },
    { what: 'excluded', who: (await someone(fates.excluded)).customer_id, says: '陈晓雨的老客' },
    { what: 'held-out', who: (await someone(fates.holdout)).customer_id, says: '对照组' },
  ]
  for (const { what, who, says } of asked) {
    await open(`/engagement/campaigns/${id}?tab=people&customer=${who}`, '新品到店')
    await page.getByText('为什么收到或没收到？').waitFor()
    const answer = page.locator('section').filter({ hasText: '为什么没收到' }).first()
    await answer.getByText(says).first().waitFor()
    await stage.judgedAt(page, sizes, what)
  }
}, 180_000)

const fates = { sent_to: 0, excluded: 3, holdout: 4 }
