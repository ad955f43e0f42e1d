import { zoneOfCorp } from '../../../infra/corp-zone.store.ts'
import type { Executor } from '../../../infra/db/database.ts'
import { createRounds, type Rounds } from '../../../infra/rounds.ts'
import type { Services } from '../../../infra/services.ts'
import { nextTimeOfDay } from '../../../infra/zone.ts'
import { type Alarm, keepAlarms, raiseAlarms } from '../../insights/index.ts'
import { pageOf } from '../campaigns/campaign.ts'
import { kindWords } from '../run/run.words.ts'
import { isStale, lateDays, longestDays } from './freshness.ts'
import { beginProgrammes, workOutProgramme } from './programme.jobs.ts'
import { refreshReport } from './refresh.jobs.ts'
import { freshnessOf, type ReportedRun, runById, runsTouchedLate } from './runs.store.ts'
import { checkRun, checkTotal } from './sums.jobs.ts'
import type { Difference } from './sums.ts'
import { settleWork, workLeft, workOf } from './works.store.ts'

const lookMs = 5_000
const dayMs = 86_400_000
const nightKind = 'campaign.reports'
/** Twenty past four: after shops told their day, before anybody works. */
const nightMinute = 4 * 60 + 20
const alarmKind = 'campaign.report_off'

/**
 * Makes the first report of every run, before anybody looks, and keeps those of runs that live as fresh as their age asks for.
 * Any number of processes may run it; one report that fails keeps no other waiting.
 */
export function createReportUpkeep({ db, clock, log }: Pick<Services, 'db' | 'clock' | 'log'>): Rounds {
  const pass = async () => {
    const now = clock.now()
    for (const one of await freshnessOf(db, new Date(now.getTime() - (lateDays + longestDays) * dayMs))) {
      if (rounds.isStopped()) return
      if (!isStale(one, now)) continue
      try {
        const run = await runById(db, one.corpId, one.runId)
        if (run !== undefined) await refreshReport(db, run, now, { instead: { of: one.asOf } })
      } catch (error) {
        log.warn({ err: error, run: one.runId }, 'a report of a run failed; the next round tries again')
      }
    }
    await beginProgrammes({ db, clock })
  }
  const rounds = createRounds({ everyMs: lookMs, pass, what: 'reports of campaigns', log })
  return rounds
}

/** At night every corp's reports are looked through; long work, so it is an operation. */
export function defineReportNight(services: Pick<Services, 'db' | 'clock' | 'due' | 'operations'>): void {
  const { due, operations } = services
  operations.define(nightKind, async (run) => {
    const off = await checkReports(services, run.corpId)
    await workOutProgramme(services, run.corpId)
    return { off: off.length }
  })
  due.define(nightKind, async (items, tx) => {
    for (const { corpId } of items) {
      await operations.begin({ kind: nightKind, corpId, input: {}, startedBy: 'system' }, tx)
      await scheduleReportNight(services, corpId, tx)
    }
  })
}

export async function scheduleReportNight(
  { clock, due, db }: Pick<Services, 'db' | 'clock' | 'due'>,
  corpId: number,
  on: Executor = db,
): Promise<void> {
  const at = nextTimeOfDay(clock.now(), nightMinute, await zoneOfCorp(on, corpId))
  await due.schedule(on, [{ corpId, kind: nightKind, key: String(corpId), at }])
}

/**
 * One night of a corp: the runs are worked out again to whose windows an order was told late, or changed, since they were
 * last, and those whose operation did not come to an end; then the numbers of every report that is still alive must add up. Answers the runs whose numbers do not.
 */
export async function checkReports(
  { db, clock }: Pick<Services, 'db' | 'clock'>,
  corpId: number,
): Promise<readonly number[]> {
  const now = clock.now()
  const since = new Date(now.getTime() - (lateDays + longestDays) * dayMs)
  const left = await workLeft(db, corpId, now)
  const late = new Set([...(await runsTouchedLate(db, corpId, since)), ...left])
  const alarms: Alarm[] = []
  for (const one of await freshnessOf(db, since)) {
    if (one.corpId !== corpId) continue
    const run = await runById(db, corpId, one.runId)
    if (run === undefined) continue
    const of = { campaignId: run.campaignId, runId: run.id }
    const work = left.includes(run.id) ? await workOf(db, of) : undefined
    if (late.has(run.id) || isStale(one, now)) await refreshReport(db, run, now, { instead: { of: one.asOf } })
    if (work !== undefined) await settleWork(db, of, work.version)
    const differences = [...(await checkRun(db, run, clock)), ...(await checkTotal(db, run, now))]
    if (differences.length > 0) alarms.push(alarmOf(run, differences))
  }
  await raiseAlarms(db, alarms, now)
  await keepAlarms(
    db,
    corpId,
    alarmKind,
    alarms.map(({ key }) => key),
    now,
  )
  return alarms.map(({ subject }) => Number(subject.id))
}

function alarmOf(run: ReportedRun, differences: readonly Difference[]): Alarm {
  const said = differences
    .slice(0, 5)
    .map(({ what, whole, parts }) => `${what}: ${whole} ≠ ${parts}`)
    .join('; ')
  return {
    corpId: run.corpId,
    kind: alarmKind,
    key: `campaign.report:${run.id}`,
    severity: 'amber',
    title: {
      zh: `${kindWords(run.spec.kind).name.zh}「${run.name}」的复盘数字对不上：${said}`,
      en: `Numbers of the report of “${run.name}” do not add up: ${said}`,
    },
    advice: {
      zh: '在查清之前请不要引用这份复盘；把这条提醒连同发送编号交给技术支持。',
      en: 'Do not quote this report until it is explained; give this alarm with the number of the run to support.',
    },
    subject: {
      type: 'campaign_run',
      id: String(run.id),
      path: `${pageOf(run.spec.kind, run.campaignId)}?tab=report&run=${run.id}`,
    },
  }
}
