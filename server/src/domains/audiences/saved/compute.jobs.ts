import { zoneOfCorp } from '../../../infra/corp-zone.store.ts'
import type { Tx } from '../../../infra/db/database.ts'
import type { Services } from '../../../infra/services.ts'
import { localTime, nextMidnight, nextTimeOfDay } from '../../../infra/zone.ts'
import { clearAlarms, raiseAlarms } from '../../insights/index.ts'
import { reconcileFeeds } from '../kept/feed.jobs.ts'
import { notePrints, stockReaders } from '../kept/stock.store.ts'
import { audiencesIn } from '../rules/rule.ts'
import { type Audience, driftOf, inOrder, movesWithTime, nextRefresh } from './audience.ts'
import { computeAudience, type RunCause, type RunReport } from './run.store.ts'
import { audiencesOf, findAudience, settingsOf } from './saved.store.ts'

export const computeKind = 'audiences.compute'
export const reconcileKind = 'audiences.reconcile'
/** The kinds in the due table; keys are the audience and the corp. */
export const refreshDue = 'audiences.refresh'
export const reconcileDue = 'audiences.reconcile'
const reconcileMinute = 210

export interface ComputeInput {
  readonly ids: readonly string[]
  readonly cause: RunCause
}

type Needs = Pick<Services, 'db' | 'clock' | 'due' | 'operations'>

/** Call before operations and the due table are started. */
export function defineAudiences(services: Needs): void {
  const { db, clock, operations, due } = services
  operations.define<ComputeInput>(computeKind, async (run) => {
    const { ids, cause } = run.input
    const done = await computeAll(services, run.corpId, { ids, cause, because: `operation:${run.id}` }, (progress) =>
      run.progress(progress),
    )
    return { computed: done }
  })
  operations.define(reconcileKind, async (run) => reconcileFeeds(db, run, clock.now()))
  due.define(refreshDue, async (items, tx) => {
    for (const [corpId, list] of Map.groupBy(items, (item) => item.corpId)) {
      const found = (await audiencesOf(tx, corpId)).filter(({ id }) => list.some(({ key }) => key === id))
      for (const [cause, some] of Map.groupBy(found, causeOf))
        await operations.begin(
          { kind: computeKind, corpId, input: { ids: some.map(({ id }) => id), cause }, startedBy: 'system' },
          tx,
        )
      for (const audience of found) await scheduleAudience(services, tx, audience)
    }
  })
  due.define(reconcileDue, async (items, tx) => {
    for (const { corpId } of items) {
      await operations.begin({ kind: reconcileKind, corpId, input: {}, startedBy: 'system' }, tx)
      await scheduleReconcile(services, tx, corpId)
    }
  })
}

const causeOf = ({ kind }: Audience): RunCause => (kind === 'live' ? 'time' : 'schedule')

/**
 * When an audience is computed next: by its schedule; a live one at the midnight at which time alone may turn answers, one
 * whose rule does not move with time once a night as a check. A static one never is.
 */
export async function scheduleAudience(
  { clock, due }: Pick<Services, 'clock' | 'due'>,
  tx: Tx,
  audience: Audience,
): Promise<void> {
  const { id, corpId, kind } = audience
  if (kind === 'static') return due.unschedule(tx, refreshDue, [id])
  const zone = await zoneOfCorp(tx, corpId)
  const now = clock.now()
  const at =
    kind === 'refreshed'
      ? nextRefresh(now, zone, audience)
      : movesWithTime(audience.rule)
        ? nextMidnight(now, zone)
        : nextTimeOfDay(now, reconcileMinute, zone)
  await due.schedule(tx, [{ corpId, kind: refreshDue, key: id, at }])
}

export async function scheduleReconcile(
  { clock, due }: Pick<Services, 'clock' | 'due'>,
  tx: Tx,
  corpId: number,
): Promise<void> {
  const at = nextTimeOfDay(clock.now(), reconcileMinute, await zoneOfCorp(tx, corpId))
  await due.schedule(tx, [{ corpId, kind: reconcileDue, key: String(corpId), at }])
}

/** So many are computed at the same time. */
const lanes = 2

/** Computes these audiences, each after those whose marks its rule reads. Answers how many. */
export async function computeAll(
  services: Pick<Services, 'db' | 'clock'>,
  corpId: number,
  { ids, cause, because }: ComputeInput & { readonly because: string },
  told: (progress: { readonly done: number; readonly total: number }) => Promise<void>,
): Promise<number> {
  const wanted = new Set(ids)
  const all = inOrder(await audiencesOf(services.db, corpId)).filter(({ id }) => wanted.has(id))
  let done = 0
  const compute = async ({ id }: Audience): Promise<void> => {
    await computeNow(services, corpId, id, cause, because)
    done += 1
    await told({ done, total: all.length })
  }
  const reads = ({ rule }: Audience) => audiencesIn(rule).some((id) => wanted.has(id))
  const waiting = all.filter((one) => !reads(one))
  const work = async (): Promise<void> => {
    for (let next = waiting.shift(); next; next = waiting.shift()) await compute(next)
  }
  await Promise.all(Array.from({ length: lanes }, work))
  for (const one of all.filter(reads)) await compute(one)
  return done
}

/** Computes anew the live audiences that ask for goods of which the stock came or went. Answers how many that are. */
export async function watchStock({ db, operations }: Pick<Services, 'db' | 'operations'>): Promise<number> {
  let begun = 0
  for (const [corpId, readers] of Map.groupBy(await stockReaders(db), (one) => one.corpId))
    await db.transaction().execute(async (tx) => {
      const turned = await notePrints(tx, corpId, [...new Set(readers.flatMap(({ products }) => products))])
      const ids = readers.filter(({ products }) => products.some((one) => turned.includes(one))).map(({ id }) => id)
      begun += ids.length
      if (ids.length === 0) return
      const input: ComputeInput = { ids, cause: 'stock' }
      await operations.begin({ kind: computeKind, corpId, input, startedBy: 'system' }, tx)
    })
  return begun
}

/** Computes one audience in a transaction of its own; undefined: it is gone. */
export async function computeNow(
  { db, clock }: Pick<Services, 'db' | 'clock'>,
  corpId: number,
  id: string,
  cause: RunCause,
  because: string,
): Promise<RunReport | undefined> {
  const at = clock.now()
  const { dayNumber: today } = localTime(at, await zoneOfCorp(db, corpId))
  return db.transaction().execute(async (tx) => {
    const audience = await findAudience(tx, corpId, id)
    if (audience === undefined) return undefined
    const report = await computeAudience(tx, audience, { today, at, cause, because })
    // a new rule is meant to change the size, and goods that came or went change it all at once
    if (cause !== 'rule' && cause !== 'start' && cause !== 'stock') await watchDrift(tx, audience, report, at)
    return report
  })
}

async function watchDrift(tx: Tx, audience: Audience, { before, size }: RunReport, at: Date): Promise<void> {
  if (before === null) return
  const { id, corpId, name } = audience
  const most = audience.driftPercent ?? (await settingsOf(tx, corpId)).driftPercent
  const key = `audience.drift:${id}`
  const drift = driftOf(before, size)
  if (drift <= most) {
    await clearAlarms(tx, corpId, [key], at)
    return
  }
  await raiseAlarms(
    tx,
    [
      {
        ...{ corpId, kind: 'audience.drift', key, severity: 'amber' as const },
        title: {
          zh: `分群「${name}」人数从 ${before} 变为 ${size}，变化 ${drift}%，超过设定的 ${most}%`,
          en: `“${name}” went from ${before} to ${size} persons: ${drift}%, more than the ${most}% that is set`,
        },
        advice: {
          zh: '打开分群比较两次计算的差异；使用它的群发或旅程开始前请先确认。',
          en: 'Compare both computations on its page before a mass send or journey uses it.',
        },
        subject: { type: 'audience', id, path: `/customers/segments/${id}` },
      },
    ],
    at,
  )
}
