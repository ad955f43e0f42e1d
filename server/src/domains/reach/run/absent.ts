import type { Tx } from '../../../infra/db/database.ts'
import type { RunNeeds } from './launch.ts'
import { partyOf } from './parties.ts'
import { absentSenders, holdRun, type Run } from './runs.store.ts'
import type { Task } from './task.ts'
import { changeTasks } from './tasks.store.ts'

/**
 * Those of these planned tasks whose members can be asked now. Nobody is asked who has left since the plan or is on leave:
 * his customers are offered to others before anything stands at the platform.
 */
export async function withoutAbsent(
  needs: RunNeeds,
  tasks: readonly Task[],
  runs: ReadonlyMap<number, Run>,
): Promise<readonly Task[]> {
  const { db, clock } = needs
  const here: Task[] = []
  for (const [runId, own] of Map.groupBy(tasks, (one) => one.runId)) {
    const known = runs.get(runId)
    if (known === undefined) continue
    const absent = new Set(await absentSenders(db, known, ['planned'], clock.now()))
    const away = own.filter(({ number }) => absent.has(number))
    here.push(...own.filter(({ number }) => !absent.has(number)))
    if (away.length > 0) await db.transaction().execute((tx) => offerAbsent(needs, tx, runId, away))
  }
  return here
}

async function offerAbsent(needs: RunNeeds, tx: Tx, runId: number, away: readonly Task[]): Promise<void> {
  const run = await holdRun(tx, runId)
  if (run === undefined) return
  // he may have come back, or the run been cancelled, while nobody held it
  const still = new Set(await absentSenders(tx, run, ['planned'], needs.clock.now()))
  const gone = away.filter(({ number }) => still.has(number))
  await changeTasks(
    tx,
    gone.map(({ number }) => ({
      ...{ runId, number, from: 'planned' as const, state: 'failed' as const, nextAt: null, why: 'absent' },
    })),
  )
  await partyOf(run.spec).notGiven(
    needs,
    tx,
    run,
    gone.map((task) => ({ task: { ...task, ending: 'absent' } })),
  )
}
