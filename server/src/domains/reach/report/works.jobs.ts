import type { Executor, Tx } from '../../../infra/db/database.ts'
import type { OperationRun } from '../../../infra/operations/operations.ts'
import type { Services } from '../../../infra/services.ts'
import { refreshReport, reportSteps } from './refresh.jobs.ts'
import { type ReportedRun, runById, runsOf } from './runs.store.ts'
import { type Snapshot, snapshotOf } from './snapshots.store.ts'
import { isBehind, totalOfRuns } from './total.jobs.ts'
import { allRuns, noteWork, settleWork, type Work, type WorkOf, workOf } from './works.store.ts'

const workKind = 'campaign.report'
/** A total whose operation failed is begun anew by who looks, but not by every look. */
const againMs = 60 * 60_000

type Needs = Pick<Services, 'db' | 'clock' | 'operations'>

/** Reports that somebody waits for are worked out by operations, one of a report at a time. Call before operations are started. */
export function defineReportWorks(services: Needs): void {
  services.operations.define<WorkOf>(workKind, (run) => workOutWished(services, run))
}

/** Wishes newer figures, in the caller's transaction: what they are to hold is committed with the wish. */
export function wishReport(
  { clock, operations }: Pick<Services, 'clock' | 'operations'>,
  tx: Tx,
  corpId: number,
  of: WorkOf,
  startedBy: string,
): Promise<string> {
  return noteWork(tx, corpId, of, clock.now(), () =>
    operations.begin({ kind: workKind, corpId, input: of, startedBy }, tx),
  )
}

/** The work on a newer total, which is begun where the one that is kept is behind the reports of its runs. */
export async function wishTotal(
  services: Needs,
  runs: readonly ReportedRun[],
  startedBy: string,
): Promise<Work | undefined> {
  const { db, clock } = services
  const [first] = runs
  if (first === undefined) return undefined
  const of = { campaignId: first.campaignId, runId: allRuns }
  const work = await workOf(db, of)
  if (work?.state === 'waiting' || work?.state === 'running') return work
  if (!(await isBehind(db, runs))) return undefined
  if (work !== undefined && clock.now().getTime() - work.askedAt.getTime() < againMs) return work
  await db.transaction().execute((tx) => wishReport(services, tx, first.corpId, of, startedBy))
  return workOf(db, of)
}

/** The work on a run's newer figures; what failed before they were worked out after all is none any more. */
export async function workOnReport(
  db: Executor,
  run: ReportedRun,
  snapshot: Snapshot | undefined,
): Promise<Work | undefined> {
  const work = await workOf(db, { campaignId: run.campaignId, runId: run.id })
  const isOver = work !== undefined && work.state !== 'waiting' && work.state !== 'running'
  return isOver && snapshot !== undefined && work.askedAt < snapshot.asOf ? undefined : work
}

/**
 * Works out what is wished until nothing newer is. Killed, it begins at the report it was at: each is kept in one transaction,
 * so there is no half of one, and those of the runs of a total that are kept are not worked out again.
 */
async function workOutWished({ db, clock }: Needs, run: OperationRun<WorkOf>): Promise<{ reports: number }> {
  const { corpId, input: of } = run
  const progress = { done: 0, total: 0 }
  const expect = (steps: number) => {
    progress.total += steps
  }
  const step = async () => {
    progress.done += 1
    await run.progress(progress)
  }
  let reports = 0
  for (;;) {
    const work = await workOf(db, of)
    if (work === undefined) return { reports }
    reports += of.runId === allRuns ? await all(of.campaignId) : await one(of.runId)
    if (await settleWork(db, of, work.version)) return { reports }
  }

  async function one(runId: number): Promise<number> {
    const found = await runById(db, corpId, runId)
    if (found === undefined) return 0
    expect(reportSteps)
    await refreshReport(db, found, clock.now(), { step })
    return 1
  }
  async function all(campaign: string): Promise<number> {
    const runs = await runsOf(db, corpId, { campaign })
    expect(runs.length)
    for (const { id } of runs) if ((await snapshotOf(db, id)) === undefined) await one(id)
    await totalOfRuns(db, runs, clock.now(), step)
    return 1
  }
}
