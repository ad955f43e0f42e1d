import type { Database } from '../../../infra/db/database.ts'
import type { Services } from '../../../infra/services.ts'
import { isFinal } from './partial.ts'
import { refreshReport } from './refresh.jobs.ts'
import { lockReports, type ReportedRun, runsOf, taskSums } from './runs.store.ts'
import { snapshotOf, snapshotWithSums } from './snapshots.store.ts'
import { type Difference, differencesOf, differencesOfTotal } from './sums.ts'
import { totalOfRuns } from './total.jobs.ts'
import { creditedTo, isNewerBeside } from './total.store.ts'

/** A kept report held against itself, and against what is known by now. */
interface Look {
  /** What can never be, whatever happens meanwhile. */
  readonly wrong: readonly Difference[]
  /** Where the report is older than what is known: `parts` is what is known. */
  readonly behind: readonly Difference[]
}

async function lookAt(db: Database, run: ReportedRun): Promise<Look> {
  return db.transaction().execute(async (tx) => {
    // neither this report nor what is credited to its run changes while it is looked at; what the platform tells does
    await lockReports(tx, run.corpId)
    const kept = await snapshotWithSums(tx, run.id)
    if (kept === undefined) return { wrong: [], behind: [] }
    const { sends, credited } = kept.snapshot.figures
    const { delivered, sent } = await taskSums(tx, run.id)
    const owed = await creditedTo(tx, [run.id])
    const differs = (what: string, whole: number, parts: number) => (whole === parts ? [] : [{ what, whole, parts }])
    return {
      wrong: [...differencesOf(kept.snapshot.figures, kept.parts), ...differs('sent by the tasks', delivered, sent)],
      behind: [
        ...differs('recipients that are delivered', sends.delivered, delivered),
        ...differs('orders that are credited', credited.orders, owed.orders),
        ...differs('net that is credited', credited.net, owed.net),
      ],
    }
  })
}

/** What of a kept report does not add up: within itself, with the tasks of its run, and with what is known by now. */
export async function differencesOfRun(db: Database, run: ReportedRun): Promise<readonly Difference[]> {
  const { wrong, behind } = await lookAt(db, run)
  return [...wrong, ...behind]
}

/**
 * What of a kept report is wrong. One that is behind is none yet: of a run that is open results come all the time, and an order
 * may be owed to another run by now. It is worked out again, and wrong only where what is known stood still and is still another.
 */
export async function checkRun(
  db: Database,
  run: ReportedRun,
  clock: Services['clock'],
): Promise<readonly Difference[]> {
  const first = await lookAt(db, run)
  if (first.wrong.length > 0 || first.behind.length === 0) return first.wrong
  await refreshReport(db, run, clock.now())
  const { wrong, behind } = await lookAt(db, run)
  const stood = ({ what, parts }: Difference) => first.behind.some((one) => one.what === what && one.parts === parts)
  return [...wrong, ...behind.filter(stood)]
}

/** The same of all runs of a campaign together, looked at with its latest. */
export async function checkTotal(db: Database, run: ReportedRun, now: Date): Promise<readonly Difference[]> {
  const runs = await runsOf(db, run.corpId, { campaign: run.campaignId })
  if (runs[0]?.id !== run.id) return []
  const total = await totalOfRuns(db, runs, now)
  if (total === undefined) return []
  const { figures, asOf } = total
  const kept = await Promise.all(runs.map(async (one) => ({ run: one, snapshot: await snapshotOf(db, one.id) })))
  const known = kept.flatMap(({ snapshot }) => snapshot ?? [])
  // of a run that lives there may be more people in the total than in the report before it
  const grows = kept.some(
    (one) => one.snapshot === undefined || (one.snapshot.asOf < asOf && !isFinal(one.run, one.snapshot)),
  )
  const found = [...differencesOfTotal(figures, grows ? undefined : known.map((one) => one.figures))]
  // a report that is newer, of these runs or of others beside them, may have found that orders are owed elsewhere
  if (known.some((one) => one.asOf > asOf) || (await isNewerBeside(db, run, asOf))) return found
  const credited = await creditedTo(
    db,
    runs.map(({ id }) => id),
  )
  for (const name of ['orders', 'net'] as const)
    if (credited[name] !== figures.credited[name])
      found.push({ what: `credited ${name} of all runs`, whole: figures.credited[name], parts: credited[name] })
  return found
}
