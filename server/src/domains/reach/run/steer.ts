import type { Tx } from '../../../infra/db/database.ts'
import type { Services } from '../../../infra/services.ts'
import { releaseTouches } from '../governor/reservations.store.ts'
import { nextHeld } from '../plan/held.store.ts'
import { hoursOf } from './brief.ts'
import { canarySeen, deletesOfHeldOut, deletesOfMembers } from './canary.store.ts'
import { baseOf, type CanaryBase, type CanaryVerdict, canaryRule, judgeCanary } from './canary.ts'
import { mayAskAt, mustTakeBack, nextTakingBack } from './hours.ts'
import { raiseCanary, raiseHalted, raiseUnheard, tellOfCap } from './run.alarms.ts'
import { absentSenders, changeRun, finishedRuns, holdRun, type Run, sumTasks } from './runs.store.ts'
import { askPlanned, dropPlanned, takeBackOpen } from './tasks.store.ts'

/** The kind in the due table; its key is the run. */
export const steerDue = 'campaign.steer'

type Needs = Pick<Services, 'clock' | 'due'>

const minuteMs = 60_000
const hourMs = 60 * minuteMs
/** A canary is looked at this often; everything else comes at moments that are known. */
const canaryEveryMs = 5 * minuteMs
const dayMs = 24 * hourMs

/**
 * A planned run goes out: its canary first where the campaign wants one, else all of it. Called in the transaction that
 * finishes the plan.
 */
export async function beginRun(needs: Needs, tx: Tx, runId: number): Promise<void> {
  const run = await holdRun(tx, runId)
  if (run === undefined || run.rehearsal || run.state !== 'planned') return
  const startedAt = needs.clock.now()
  const canary = run.spec.canary !== null && (await sumTasks(tx, runId, startedAt)).some((sum) => sum.canary)
  await changeRun(tx, runId, { state: canary ? 'canary' : 'running', startedAt })
  await steer(needs, tx, { ...run, state: canary ? 'canary' : 'running', startedAt })
}

/**
 * What must happen to a run as a whole at this moment: the canary's verdict, quiet hours, expiry, absent members, its end.
 * Set-based, and the same however often it is said; the calls that follow from it are made by the rounds. The run is held.
 */
export async function steer(needs: Needs, tx: Tx, asItStood: Run): Promise<void> {
  const now = needs.clock.now()
  const run = await behindCanary(tx, asItStood, now)
  const verdict = run.state === 'canary' ? await judge(needs, tx, run) : undefined
  const state =
    verdict === 'go' ? 'running' : verdict === 'stop' ? 'stopped' : verdict === 'unheard' ? 'paused' : run.state
  if (state === 'stopped' || state === 'cancelled') {
    await releaseTouches(tx, run.id, await dropPlanned(tx, run.id, 'cancelled'))
    await takeBackOpen(tx, run.id, state, now)
  }
  const hours = await hoursOf(tx, run, now)
  if (state === 'running' || state === 'canary') {
    const at = mayAskAt(hours, now)
    await askPlanned(tx, run.id, at ?? new Date(now.getTime() + dayMs), now, state === 'canary' ? 'canary' : 'all')
  }
  if (mustTakeBack(hours, now)) await takeBackOpen(tx, run.id, 'quiet', now)
  await releaseTouches(tx, run.id, await dropPlanned(tx, run.id, 'expired', { expiredBy: now }))
  await takeBackOpen(tx, run.id, 'expired', now, { expiredBy: now })
  const absent = await absentSenders(tx, run, ['asked', 'unknown'], now)
  if (absent.length > 0) await takeBackOpen(tx, run.id, 'absent', now, { numbers: absent })
  await endOrGoOn(needs, tx, run, state, nextTakingBack(hours, now))
}

/** Of which all were held when it began goes out as others do when they are freed: its canary first. */
async function behindCanary(tx: Tx, run: Run, now: Date): Promise<Run> {
  if (run.state !== 'running' || run.spec.canary === null || run.canary !== null) return run
  if (!(await sumTasks(tx, run.id, now)).some(({ canary, state }) => canary && state === 'planned')) return run
  const begun = { state: 'canary', startedAt: now } as const
  await changeRun(tx, run.id, begun)
  return { ...run, ...begun }
}

/** Ends a run of which nothing is open any more, else says when it is to be looked at next. */
async function endOrGoOn(
  { clock, due }: Needs,
  tx: Tx,
  run: Run,
  state: Run['state'],
  takeBackAt: Date | undefined,
): Promise<void> {
  const now = clock.now()
  const sums = await sumTasks(tx, run.id, now)
  const open = sums.filter((sum) => ['planned', 'asking', 'asked', 'unknown'].includes(sum.state) || sum.unsettled > 0)
  const over = state === 'stopped' || state === 'cancelled'
  // whom it holds it may still ask
  if (open.length === 0 && (over || (await nextHeld(tx, run.id)) === undefined)) {
    if (run.endedAt !== null) return
    const ended = over ? state : 'ended'
    await changeRun(tx, run.id, { state: ended, endedAt: now })
    const sum = (of: (one: (typeof sums)[number]) => number) => sums.reduce((all, one) => all + of(one), 0)
    await tellOfCap(tx, run, { sent: sum((one) => one.sent), refused: sum((one) => one.overCap) }, now)
    return
  }
  const firstExpiry = open.flatMap((sum) => (sum.nextExpiry === null ? [] : [sum.nextExpiry.getTime()]))
  const next = Math.min(
    now.getTime() + (state === 'canary' ? canaryEveryMs : hourMs),
    ...firstExpiry,
    ...(takeBackAt === undefined ? [] : [takeBackAt.getTime()]),
  )
  await due.schedule(tx, [{ corpId: run.corpId, kind: steerDue, key: String(run.id), at: new Date(next) }])
}

/** What would delete anyway, worked out once a run: what it is judged by does not move while it goes. */
async function baseOfRun(
  tx: Tx,
  run: Run,
  { hours, most_deletes_permille: permille }: NonNullable<Run['spec']['canary']>,
  now: Date,
): Promise<CanaryBase> {
  const held = await deletesOfHeldOut(tx, run, hours, now)
  return baseOf({ permille, hours }, held, await deletesOfMembers(tx, run, now))
}

/** Judges the canary, notes what it was judged by, and turns the run by the verdict. */
async function judge({ clock }: Needs, tx: Tx, run: Run): Promise<CanaryVerdict> {
  const { canary } = run.spec
  if (canary === null) return 'go'
  const now = clock.now()
  const { confirmed, ...seen } = await canarySeen(tx, run.corpId, run.id)
  const timeIsOver = now.getTime() - (run.startedAt ?? now).getTime() >= canary.hours * hourMs
  const base = run.canary?.base ?? (await baseOfRun(tx, run, canary, now))
  const verdict = judgeCanary(seen, canaryRule(canary.most_deletes_permille, base.share), timeIsOver)
  const finding = { ...seen, confirmed, verdict, base, at: now.toISOString() }
  await changeRun(tx, run.id, { canary: finding })
  if (verdict === 'go') await changeRun(tx, run.id, { state: 'running' })
  if (verdict === 'stop') {
    await changeRun(tx, run.id, { state: 'stopped', why: 'canary_deletes' })
    await raiseCanary(tx, run, finding, now)
  }
  if (verdict === 'unheard') {
    await changeRun(tx, run.id, { state: 'paused', why: 'canary_unheard' })
    await raiseUnheard(tx, run, finding, now)
  }
  return verdict
}

/** The content, the app or the corp is at fault: nothing more is asked until a person has mended it. */
export async function haltRun(
  { clock }: Needs,
  tx: Tx,
  run: Run,
  { errcode, why }: { readonly errcode?: number; readonly why: string },
): Promise<void> {
  if (run.state !== 'running' && run.state !== 'canary') return
  await changeRun(tx, run.id, { state: 'paused', why: errcode === undefined ? why : `${errcode} ${why}` })
  await raiseHalted(tx, run, { errcode, why }, clock.now())
}

/** Looks at runs when their moment has come. */
export function defineSteering(services: Needs): void {
  services.due.define(steerDue, async (items, tx) => {
    for (const { key } of [...items].sort((a, b) => Number(a.key) - Number(b.key))) {
      const run = await holdRun(tx, Number(key))
      if (run !== undefined && run.endedAt === null && run.startedAt !== null) await steer(services, tx, run)
    }
  })
}

/** Ends the runs of which nothing is open any more, without waiting for their next moment. */
export async function settleRuns(services: Needs & Pick<Services, 'db'>): Promise<void> {
  for (const id of await finishedRuns(services.db)) {
    await services.db.transaction().execute(async (tx) => {
      const run = await holdRun(tx, id)
      if (run !== undefined && run.endedAt === null) await steer(services, tx, run)
    })
  }
}
