import { sql } from 'kysely'
import { beforeAll, describe, expect, it } from 'vitest'
import type { z } from 'zod'
import { exportSite } from '../../exports/testing.ts'
import { reportExport } from './report.export.ts'
import { reportRoutes } from './report.routes.ts'
import { adviceView, compareView, partPage, reportView } from './report.schema.ts'
import { type PlantedRun, plantOpen, plantOrders, plantPersons, plantRun, specWith } from './testing.ts'
import { checkReports, createReportUpkeep } from './upkeep.jobs.ts'

const site = await exportSite({
  sources: (services) => [reportExport(services)],
  routes: (services) => [reportRoutes(services)],
})
const { db, corpId, clock } = site
const operator = await site.as('operator')
const now = clock.now().getTime()
const at = (hours: number) => new Date(now - 200 * 3_600_000 + hours * 3_600_000)
let planted: PlantedRun
const path = () => `/api/campaigns/${planted.campaignId}/report`
const upkeep = createReportUpkeep(site.services)

beforeAll(async () => {
  await sql`insert into staff (corp_id, userid, name, first_seen_at, seen_at)
    select ${corpId}, 'u' || n, '员工' || n, ${at(0)}, ${at(0)} from generate_series(1, 5) as n`.execute(db)
  const persons = Array.from({ length: 1_200 }, (_, place) => place + 1)
  await plantPersons(db, corpId, persons, at(-9))
  planted = await plantRun(db, corpId, {
    at: at(0),
    state: 'ended',
    spec: specWith({
      holdout_permille: 170,
      exclusions: [{ name: '近期投诉', whom: { rule: { all: [] } } }],
      variants: [
        { name: '甲', content: { text: '你好' }, for: null, share: 1 },
        { name: '乙', content: { text: '您好' }, for: null, share: 1 },
        {
          name: '门店',
          content: { text: '到店' },
          for: { stores: ['0199a0a0-0000-7000-8000-0000000000a1'] },
          share: 1,
        },
      ],
    }),
    recipients: persons.map((customerId) => {
      const sender = `u${1 + (customerId % 5)}`
      if (customerId <= 200) return { customerId, fate: 'holdout' as const, bucket: customerId, variant: null, sender }
      if (customerId > 1_190) return { customerId, fate: 'excluded' as const, reason: 0, hits: 1, variant: null }
      const task = 1 + (customerId % 5)
      const variant = customerId % 3
      if (sender === 'u5') return { customerId, variant, sender, task }
      return { customerId, variant, sender, task, status: 1, sentAt: at(1 + task) }
    }),
    tasks: [1, 2, 3, 4, 5].map((task) => ({
      ...{ number: task, sender: `u${task}`, askedAt: at(0), expiresAt: at(24) },
      ...(task === 5 ? {} : { confirmedAt: at(1 + task) }),
    })),
  })
  await plantOrders(
    db,
    corpId,
    persons
      .filter((one) => one <= 10 || (one > 200 && one % 7 === 0))
      .map((customerId) => ({ customerId, at: at(8), seller: 'u1' })),
  )
  await plantOpen(db, corpId, planted.runId, 203, at(7))
})

function liftDefinitionsOf(lift: z.output<typeof reportView>['lift']) {
  if (lift === null) throw new Error('somebody was held out')
  const { sides, ...figures } = lift.definitions
  return [...Object.values(figures), ...Object.values(sides)]
}

describe('the report of a run', () => {
  it('is not worked out by who looks first: he sees that it is on its way, and then the one that upkeep made', async () => {
    expect((await operator.get(path())).as(reportView)).toMatchObject({
      ...{ run: { id: planted.runId }, as_of: null, final: false, funnel: [], lift: null, warnings: [], work: null },
    })
    const parts = (await operator.get(`${path()}/parts?run=${planted.runId}&by=sender`)).as(partPage)
    expect(parts).toMatchObject({ items: [], total: { delivered: 0 } })
    const compared = await operator.get(`${path()}/compare?run=${planted.runId}&a=planned&b=holdout`)
    expect([compared.status, compared.body]).toEqual([409, expect.objectContaining({ code: 'conflict' })])
    expect((await operator.get(path())).as(reportView).as_of).toBeNull()
    await upkeep.pass()
    expect((await operator.get(path())).as(reportView).as_of).toBe(clock.now().toISOString())
  })

  it('says the funnel, the numbers of the catalogue with their definitions, and the lift with its interval', async () => {
    const report = (await operator.get(path())).as(reportView)
    expect(report).toMatchObject({ campaign: { name: '双十一' }, run: { id: planted.runId }, final: true, checked: [] })
    expect(report.funnel.map(({ key, value }) => [key, value])).toEqual([
      ...[
        ['planned', 1_200],
        ['to_send', 990],
        ['asked', 990],
        ['confirmed', 792],
        ['delivered', 792],
      ],
      ...[
        ['opened', 1],
        ['converted', 114],
      ],
    ])
    expect(new Set(report.figures.map(({ definition }) => definition.id))).toEqual(
      new Set(['M27', 'M28', 'M29', 'M30', 'funnel.opens_unknown', 'M31', 'M32', 'M33', 'M34', 'M35']),
    )
    for (const { definition } of [
      ...report.funnel,
      ...report.figures,
      ...liftDefinitionsOf(report.lift).map((one) => ({ definition: one })),
      ...report.left_out,
      ...report.failures,
      ...report.comparisons,
    ])
      expect(definition.words.zh.length * definition.words.en.length).toBeGreaterThan(0)
    expect(report.left_out).toEqual([
      { fate: 'holdout', reason: null, persons: 200, words: expect.anything(), definition: expect.anything() },
      {
        ...{
          fate: 'excluded',
          reason: '近期投诉',
          persons: 10,
          words: { zh: '排除：近期投诉', en: 'Excluded: 近期投诉' },
        },
        definition: expect.objectContaining({ id: 'left.excluded' }),
      },
    ])
    const { lift } = report
    expect(lift?.holdout).toMatchObject({ persons: 200, converted: 10 })
    expect(lift?.itt).toMatchObject({ significant: true })
    expect(lift?.itt?.value).toBeCloseTo(lift === null ? 0 : lift.planned.converted / 990 - 10 / 200, 10)
    expect(lift?.delivered?.value).toBeCloseTo(((lift?.itt?.value ?? 0) * 990) / 792, 10)
    expect(lift?.gmv?.value).toBe(Math.round((lift?.gmv_person?.value ?? 0) * 990))
  })

  it('warns wherever it was not chance that parted people, and shows the random lift beside it', async () => {
    const report = (await operator.get(path())).as(reportView)
    const random = new Map(report.comparisons.map(({ key, random: by, warning }) => [key, [by, warning === null]]))
    expect(random.get('planned holdout')).toEqual([true, true])
    expect(random.get('delivered holdout')).toEqual([false, false])
    expect(random.get('delivered undelivered')).toEqual([false, false])
    expect(random.get('variant:1 variant:0')).toEqual([true, true])
    expect(random.get('variant:2 variant:0')).toEqual([false, false])
    expect(report.lift?.random).toBe(true)
    const drawn = (permille: number) =>
      sql`update campaign_versions set spec = jsonb_set(spec, '{holdout_permille}', ${String(permille)}::jsonb)
        where campaign_id = ${planted.campaignId}`.execute(db)
    // were a twentieth drawn, something else would have kept the others away
    await drawn(50)
    const off = (await operator.get(path())).as(reportView)
    expect(off.lift?.random).toBe(false)
    expect(off.warnings.map(({ code }) => code)).toContain('off_balance')
    expect(off.comparisons.find(({ key }) => key === 'planned holdout')).toMatchObject({
      random: false,
      warning: off.warnings.find(({ code }) => code === 'off_balance')?.words,
    })
    await drawn(170)
  })

  it('compares by hand any two groups, says that they are not random, and gives the lift beside both numbers', async () => {
    const ask = async (query: string) =>
      (await operator.get(`${path()}/compare?run=${planted.runId}&${query}`)).as(compareView)
    const senders = await ask('a=sender:u1&b=sender:u2')
    expect(senders.comparison).toMatchObject({ random: false, a: { name: { zh: '员工1' } } })
    expect(senders.comparison.warning?.zh).toContain('不是随机对比')
    expect(senders.lift?.itt).not.toBeNull()
    expect((await ask('a=variant:0&b=variant:1')).comparison).toMatchObject({ random: true, warning: null })
    const other = await plantRun(db, corpId, {
      at: at(150),
      state: 'ended',
      recipients: [{ customerId: 1, status: 1, sender: 'u1', task: 1, sentAt: at(151) }],
      tasks: [{ number: 1, sender: 'u1' }],
    })
    await upkeep.pass()
    const across = await ask(`a=delivered&b=delivered&with=${other.runId}`)
    expect(across.comparison).toMatchObject({ random: false })
    expect(across.comparison.warning?.en).toContain('two runs differ')
    expect((await operator.get(`${path()}/compare?run=${planted.runId}&a=sender:nobody&b=holdout`)).status).toBe(404)
  })

  it('is broken down by store, sender, variant and hour, page by page, and every breakdown comes to the whole', async () => {
    const first = (await operator.get(`${path()}/parts?run=${planted.runId}&by=sender&limit=2`)).as(partPage)
    const rest = (
      await operator.get(`${path()}/parts?run=${planted.runId}&by=sender&limit=20&cursor=${first.next_cursor}`)
    ).as(partPage)
    const all = [...first.items, ...rest.items]
    expect(all.map(({ key }) => key).sort()).toEqual(['u1', 'u2', 'u3', 'u4', 'u5'])
    expect(all.reduce((sum, one) => sum + one.delivered, 0)).toBe(792)
    expect(first.total).toMatchObject({ planned: 990, delivered: 792, converted: 114 })
    for (const by of ['store', 'variant', 'hour', 'earner'] as const) {
      // one of the variants is for a store, so chance did not part their people
      const { total, random, warning } = (await operator.get(`${path()}/parts?run=${planted.runId}&by=${by}`)).as(
        partPage,
      )
      expect([by, total.orders, random]).toEqual([by, first.total.orders, false])
      expect(warning.zh).toContain('不是随机')
    }
  })

  it('of a campaign that never went out says so, and of one that is not there, 404', async () => {
    const id = '0199a0a0-0000-7000-8000-0000000000ff'
    expect((await operator.get(`/api/campaigns/${id}/report`)).status).toBe(404)
    await sql`insert into campaigns (id, corp_id, name, created_at, changed_at) values (${id}, ${corpId}, '草稿', ${at(0)}, ${at(0)})`.execute(
      db,
    )
    expect((await operator.get(`/api/campaigns/${id}/report`)).as(reportView)).toMatchObject({
      run: null,
      as_of: null,
      funnel: [],
    })
  })

  it('of a run that has not begun there is nothing to say yet, and of one of another campaign, 404', async () => {
    const waiting = await plantRun(db, corpId, { at: at(160), state: 'planned', recipients: [] })
    const report = await operator.get(`/api/campaigns/${waiting.campaignId}/report?run=${waiting.runId}`)
    expect(report.as(reportView)).toMatchObject({ run: null, funnel: [] })
    const parts = await operator.get(`/api/campaigns/${waiting.campaignId}/report/parts?run=${waiting.runId}&by=hour`)
    expect(parts.as(partPage).items).toEqual([])
    expect((await operator.get(`${path()}?run=${waiting.runId}`)).status).toBe(404)
  })

  it('is not for guides, nor for who sees a part of the corp', async () => {
    const guide = await site.as('guide', { kind: 'self', userid: 'u1' })
    const part = await site.as('operator', { kind: 'store', storeIds: ['0199a0a0-0000-7000-8000-0000000000a1'] })
    for (const one of [
      path(),
      `${path()}/parts?run=${planted.runId}&by=hour`,
      `${path()}/compare?run=${planted.runId}&a=planned&b=holdout`,
    ])
      for (const who of [guide, part]) expect((await who.get(one)).status).toBe(403)
    expect(
      (await guide.get('/api/experiments/advice?persons=10&holdout_permille=50&baseline=0.1&effect=0.1')).status,
    ).toBe(403)
  })

  it('is taken away as a table: the whole with its intervals, then every part', async () => {
    const { id } = await site.ask(operator, {
      kind: 'campaign_report',
      format: 'csv',
      filters: { run: planted.runId },
      reason: '',
    })
    expect(await site.work()).toBeUndefined()
    const text = new TextDecoder().decode((await site.file(operator, id)).bytes)
    expect(text).toContain('送达率')
    expect(text).toContain('增量（全部应发） (95% 区间)')
    expect(text).toContain('排除：近期投诉')
    const cells = text.split('\n').map((line) => line.split(','))
    const cell = (name: string) => Number(cells.find((row) => row[1] === name)?.[3])
    const report = (await operator.get(path())).as(reportView)
    expect(cell('增量 GMV（人均）')).toBeCloseTo((report.lift?.gmv_person?.value ?? Number.NaN) / 100, 6)
    expect(cell('额外流失（每位送达）')).toBeCloseTo(report.lift?.deletes_delivered?.value ?? Number.NaN, 6)
    // each comparison stands there with both sides, its difference, and what it does not say
    const compared = cells.filter((row) => row[0] === '对比')
    for (const { key, a, b, conversion, deletes, warning } of report.comparisons) {
      const rows = compared.filter((row) => row[2] === key)
      const pair = `${a.name.zh} ↔ ${b.name.zh}`
      expect(
        rows.slice(warning === null ? 0 : 1, warning === null ? 2 : 3).map((row) => [row[1], row[4], row[5]]),
      ).toEqual([
        [`${pair} · 转化率 · ${a.name.zh}`, `${a.converted}`, `${a.persons}`],
        [`${pair} · 转化率 · ${b.name.zh}`, `${b.converted}`, `${b.persons}`],
      ])
      expect(rows.length).toBe(
        (warning === null ? 0 : 1) + 4 + (conversion === null ? 0 : 2) + (deletes === null ? 0 : 2),
      )
      expect(rows.some((row) => row[1]?.includes('不是随机对比'))).toBe(warning?.zh.includes('不是随机对比') ?? false)
    }
    expect(compared.length).toBeGreaterThan(0)
    expect(text.split('\n').filter((line) => line.startsWith('发送员工'))).toHaveLength(5)
    // what a reader must know goes with the numbers
    const { warnings } = (await operator.get(path())).as(reportView)
    const minded = text.split('\n').filter((line) => line.startsWith('请注意'))
    expect(minded).toHaveLength(warnings.length)
    for (const { code } of warnings) expect(minded.some((line) => line.includes(code))).toBe(true)
  })
})

describe('before it is sent', () => {
  it('says whether so many people find such a lift, and what would help', async () => {
    const ask = async (query: string) => (await operator.get(`/api/experiments/advice?${query}`)).as(adviceView)
    const enough = await ask('persons=100000&holdout_permille=100&baseline=0.03&effect=0.01')
    expect(enough.power).toBeGreaterThan(0.95)
    const few = await ask('persons=5000&holdout_permille=10&baseline=0.05&effect=0.03')
    expect(few.power).toBeLessThan(0.8)
    expect(few.holdout_advised_permille).toBeGreaterThan(10)
    expect(few.words.zh).toContain('提高到')
    expect((await ask('persons=50&holdout_permille=10&baseline=0.05&effect=0.01')).holdout_advised_permille).toBeNull()
    expect(
      (await operator.get('/api/experiments/advice?persons=50&holdout_permille=10&baseline=0.9&effect=0.2')).status,
    ).toBe(422)
  })
})

describe('at night', () => {
  const alarms = () =>
    sql<{ key: string; zh: string; cleared: boolean }>`
    select key, title->>'zh' as zh, cleared_at is not null as cleared from alarms where kind = 'campaign.report_off'`.execute(
      db,
    )

  it('numbers that do not add up raise an alarm with the difference, which goes when they do again', async () => {
    expect(await checkReports(site.services, corpId)).toEqual([])
    await sql`update campaign_report_parts set delivered = delivered + 3 where run_id = ${planted.runId} and part = 'hour' and key = (
      select min(key) from campaign_report_parts where run_id = ${planted.runId} and part = 'hour' and key <> '')`.execute(
      db,
    )
    expect(await checkReports(site.services, corpId)).toEqual([planted.runId])
    const [alarm] = (await alarms()).rows
    expect(alarm?.zh).toContain('delivered by hour: 792 ≠ 795')
    await sql`update campaign_reports set as_of = ${at(1)} where run_id = ${planted.runId}`.execute(db)
    expect(await checkReports(site.services, corpId)).toEqual([])
    expect((await alarms()).rows).toMatchObject([{ cleared: true }])
  })

  it('a run is worked out again when an order of its window was told late', async () => {
    // the week in which it is restated is over
    clock.advance(30 * 86_400_000)
    await checkReports(site.services, corpId)
    const before = (await operator.get(path())).as(reportView)
    clock.advance(86_400_000)
    await plantOrders(db, corpId, [{ customerId: 201, at: at(20), amount: 7 }])
    expect(await checkReports(site.services, corpId)).toEqual([])
    // told when it happened, and known then: nothing is late
    expect((await operator.get(path())).as(reportView).as_of).toBe(before.as_of)
    await sql`update orders set learnt_at = ${clock.now()} where customer_id = 201 and amount = 7`.execute(db)
    await checkReports(site.services, corpId)
    const after = (await operator.get(path())).as(reportView)
    expect(after.lift?.planned.converted).toBe((before.lift?.planned.converted ?? 0) + 1)
  })
})
