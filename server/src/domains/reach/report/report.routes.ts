import { z } from '@hono/zod-openapi'
import type { Actor } from '../../../infra/auth/actor.ts'
import { wholeCorp } from '../../../infra/auth/whole-corp.ts'
import { AppError, notFound } from '../../../infra/errors.ts'
import { type Api, createApi, decodeCursor, errorResponses, jsonContent, page } from '../../../infra/http/api.ts'
import { route } from '../../../infra/http/route.ts'
import type { Services } from '../../../infra/services.ts'
import { campaignThing, forWholeCorp } from '../campaigns/campaign.words.ts'
import { runThing } from '../run/run.words.ts'
import { advise } from './advice.ts'
import { partDefinitions } from './column-definitions.ts'
import { compare, type Group, groupsOf, liftOf } from './compare.ts'
import { afterHours, definitions } from './definitions.ts'
import { windowsOf } from './gather.store.ts'
import { isFinal } from './partial.ts'
import {
  adviceQuery,
  adviceView,
  compareQuery,
  compareView,
  type PartRow,
  partPage,
  partQuery,
  reportQuery,
  reportView,
} from './report.schema.ts'
import { presentFigures } from './report.ts'
import { campaignName, isRunOf, type ReportedRun, runById, runsOf } from './runs.store.ts'
import { partOf, partSums, partsOf, type Snapshot, snapshotOf, snapshotWithSums } from './snapshots.store.ts'
import { differencesOf } from './sums.ts'
import { totalView } from './total.schema.ts'
import { totalOf } from './total.store.ts'
import { presentTotal } from './total.ts'
import { presentWork } from './work.view.ts'
import { wishTotal, workOnReport } from './works.jobs.ts'

const tags = ['campaign reports']
const params = z.object({ id: z.uuid() })
const cursorShape = z.tuple([z.number(), z.number(), z.string()])
const partWarning = {
  zh: '各行的客户不是随机分到的：一行比另一行高，不等于它更有效。',
  en: 'Chance did not put people into these rows: a higher row is not one that works better.',
}

const partDrawn = {
  zh: '面向所有人的变体由系统随机分给客户，可以比较；送达还取决于员工是否确认，请看应发里的转化。',
  en: 'The system drew who gets which of these variants, so they compare; who is reached hangs on members too: look at the conversions of all planned.',
}

/** Whether chance alone put people into the rows: variants that are all for everybody. */
const isDrawn = (by: string, { spec }: Pick<ReportedRun, 'spec'>) =>
  by === 'variant' && spec.variants.length > 1 && spec.variants.every((one) => one.for === null)

/** 复盘: what a run came to, its parts, any two groups side by side, and before it is sent how many people it takes. */
export function reportRoutes(services: Pick<Services, 'db' | 'clock' | 'operations'>): Api {
  const { db } = services
  const api = createApi()
  const found = async (actor: Actor, campaign: string, run?: number) => {
    const { corpId } = wholeCorp(actor, forWholeCorp)
    const name = await campaignName(db, corpId, campaign)
    if (name === undefined) throw notFound(campaignThing)
    const runs = await runsOf(db, corpId, { campaign })
    const chosen = run === undefined ? runs[0] : runs.find((one) => one.id === run)
    if (run !== undefined && chosen === undefined && !(await isRunOf(db, corpId, campaign, run)))
      throw notFound(runThing)
    return { name, runs, chosen }
  }
  /** As it is kept; nobody who looks works it out (upkeep.jobs.ts makes the first). */
  const reportOf = async (run: ReportedRun): Promise<Snapshot> => {
    const snapshot = await snapshotOf(db, run.id)
    if (snapshot === undefined) throw notYet()
    return snapshot
  }

  api.openapi(
    route(
      { gate: 'campaigns.read' },
      {
        method: 'get',
        path: '/api/campaigns/{id}/report',
        tags,
        request: { params, query: reportQuery },
        responses: { 200: jsonContent(reportView, 'The latest run, or the one that is asked for'), ...errorResponses },
      },
    ),
    async (c) => {
      const { id } = c.req.valid('param')
      const { name, runs, chosen } = await found(c.get('actor'), id, c.req.valid('query').run)
      // of a run that has not begun, or was a rehearsal, there is nothing to say yet
      if (chosen === undefined) return c.json(nothingYet(id, name), 200)
      const kept = await snapshotWithSums(db, chosen.id)
      return c.json({ ...headOf(chosen, runs, kept?.snapshot), ...(await bodyOf(chosen, kept)) }, 200)
    },
  )
  api.openapi(
    route(
      { gate: 'campaigns.read' },
      {
        method: 'get',
        path: '/api/campaigns/{id}/report/total',
        tags,
        request: { params },
        responses: { 200: jsonContent(totalView, 'All its runs together, each person once'), ...errorResponses },
      },
    ),
    async (c) => {
      const { id } = c.req.valid('param')
      const { runs } = await found(c.get('actor'), id)
      const work = await wishTotal(services, runs, c.get('actor').accountId)
      const total = runs.length < 2 ? undefined : await totalOf(db, id)
      const kind = runs[0]?.spec.kind ?? 'customer_send'
      const shown = total === undefined ? { figures: [], lift: null } : presentTotal(total.figures, kind)
      return c.json(
        {
          ...{
            runs: total?.figures.runs ?? runs.map((run) => run.id),
            as_of: total?.asOf.toISOString() ?? null,
            ...shown,
          },
          work: presentWork(work),
          definition: definitions.total,
        },
        200,
      )
    },
  )
  const bodyOf = async (run: ReportedRun, kept: Awaited<ReturnType<typeof snapshotWithSums>>) => {
    const work = presentWork(await workOnReport(db, run, kept?.snapshot))
    if (kept === undefined) return { ...noFigures, work }
    const { snapshot, parts } = kept
    const checked = [...differencesOf(snapshot.figures, parts)]
    return { ...presentFigures(snapshot.figures, run, isFinal(run, snapshot)), checked, work }
  }

  api.openapi(
    route(
      { gate: 'campaigns.read' },
      {
        method: 'get',
        path: '/api/campaigns/{id}/report/parts',
        tags,
        request: { params, query: partQuery },
        responses: {
          200: jsonContent(partPage, 'By store, sender, variant, hour or who earned; the most first'),
          ...errorResponses,
        },
      },
    ),
    async (c) => {
      const { by, run, limit, cursor } = c.req.valid('query')
      const { chosen } = await found(c.get('actor'), c.req.valid('param').id, run)
      const key = decodeCursor(cursorShape, cursor)
      const after = key && { delivered: key[0], credited: key[1], key: key[2] }
      const rows = await partsOf(db, run, by, { after, limit: limit + 1 })
      const { shown, next_cursor } = page(rows, limit, (last) => [last.delivered, last.credited, last.key])
      const sums = (await partSums(db, run)).find((one) => one.part === by)
      const { part: _, ...total } = sums ?? { part: by, ...nothing }
      const random = chosen !== undefined && isDrawn(by, chosen)
      const definitions = partDefinitions(chosen?.spec.kind ?? 'customer_send')
      const warning = random ? partDrawn : partWarning
      return c.json({ items: [...shown], next_cursor, total, random, warning, definitions }, 200)
    },
  )

  api.openapi(
    route(
      { gate: 'campaigns.read' },
      {
        method: 'get',
        path: '/api/campaigns/{id}/report/compare',
        tags,
        request: { params, query: compareQuery },
        responses: {
          200: jsonContent(compareView, 'Two groups side by side, and whether chance parted them'),
          ...errorResponses,
        },
      },
    ),
    async (c) => {
      const actor = c.get('actor')
      const query = c.req.valid('query')
      const { chosen } = await found(actor, c.req.valid('param').id, query.run)
      const other = query.with === undefined ? chosen : await anyRun(actor.corpId, query.with)
      if (chosen === undefined || other === undefined) throw notFound(runThing)
      const [first, second] = [await reportOf(chosen), await reportOf(other)]
      const [a, b] = [await groupOf(chosen, first, query.a), await groupOf(other, second, query.b)]
      return c.json({ comparison: compare(a, b, chosen.spec), lift: liftOf(first.figures, chosen) }, 200)
    },
  )
  const anyRun = (corpId: number, id: number) => runById(db, corpId, id)
  const groupOf = async (run: ReportedRun, { figures }: Snapshot, key: string): Promise<Group> => {
    const known = groupsOf(figures, run).find((one) => one.key === key)
    if (known !== undefined) return known
    const [part, ...rest] = key.split(':')
    const row = part === 'store' || part === 'sender' ? await partOf(db, run.id, part, rest.join(':')) : undefined
    if (row === undefined) throw notFound({ zh: `对比组「${key}」`, en: `group “${key}”` })
    return partGroup(key, row, run.id)
  }

  api.openapi(
    route(
      { gate: 'campaigns.read' },
      {
        method: 'get',
        path: '/api/experiments/advice',
        tags,
        request: { query: adviceQuery },
        responses: { 200: jsonContent(adviceView, 'Whether so many people find such a lift'), ...errorResponses },
      },
    ),
    (c) => {
      const { persons, holdout_permille, baseline, effect } = c.req.valid('query')
      if (baseline + effect > 1)
        throw new AppError(
          'rule',
          { zh: '基线加上增量超过了 100%。', en: 'The baseline and the lift come to more than 100 %.' },
          { hint: { zh: '请填写更小的增量，单位是百分点。', en: 'Give a smaller lift, in points.' } },
        )
      const advice = advise({ baseline, effect, holdout: holdout_permille / 1_000 }, persons)
      return c.json(
        {
          ...{ power: advice.power, persons_needed: advice.needed80, persons_needed_90: advice.needed90 },
          ...{ smallest_effect: advice.smallest ?? null, holdout_advised_permille: advice.holdout ?? null },
          words: advice.words,
        },
        200,
      )
    },
  )
  return api
}

/** What a part counts, as a side: of those to whom it was delivered. */
function partGroup(key: string, row: PartRow, run: number): Group {
  const { delivered, converted, deleted, gmv, name } = row
  const words = name === '' ? key : name
  return { key, run, name: { zh: words, en: words }, side: { persons: delivered, delivered, converted, deleted, gmv } }
}

const nothing = {
  ...{ planned: 0, asked: 0, confirmed: 0, delivered: 0, opened: 0 },
  ...{ converted: 0, deleted: 0, gmv: 0, credited: 0, orders: 0 },
}

function headOf(run: ReportedRun, runs: readonly ReportedRun[], snapshot: Snapshot | undefined) {
  const { goal } = run.spec
  return {
    campaign: { id: run.campaignId, name: run.name },
    run: {
      ...{ id: run.id, state: run.state, planned_for: run.plannedFor.toISOString() },
      started_at: run.startedAt?.toISOString() ?? null,
    },
    runs: runs.map((one) => ({ id: one.id, state: one.state, planned_for: one.plannedFor.toISOString() })),
    as_of: snapshot?.asOf.toISOString() ?? null,
    closes_at: snapshot?.closesAt?.toISOString() ?? null,
    final: snapshot !== undefined && isFinal(run, snapshot),
    windows: {
      goal:
        goal === null
          ? null
          : {
              metric: goal.metric,
              event: goal.event ?? null,
              category: goal.category ?? null,
              hours: goal.window_hours,
            },
      ...{ open_hours: afterHours, delete_hours: afterHours, ...windowsOf(run) },
    },
  }
}

/** What a report says before anything of it was worked out. */
const noFigures: Omit<z.output<typeof reportView>, keyof ReturnType<typeof headOf>> = {
  ...{ funnel: [], left_out: [], failures: [], figures: [], lift: null, comparisons: [] },
  ...{ order_sources: [], side_by_side: null, warnings: [], checked: [], work: null },
}

/** Of a campaign that never went out. */
function nothingYet(id: string, name: string): z.output<typeof reportView> {
  return {
    campaign: { id, name },
    ...{ run: null, runs: [], as_of: null, closes_at: null, final: false },
    windows: { goal: null, open_hours: afterHours, delete_hours: afterHours, click_hours: 168, send_hours: 24 },
    ...noFigures,
  }
}

function notYet(): AppError {
  return new AppError(
    'conflict',
    { zh: '这次发送的复盘还没有算出来。', en: 'The report of this run has not been worked out yet.' },
    { hint: { zh: '系统正在计算，请稍后再看。', en: 'It is being worked out: look again in a moment.' } },
  )
}
