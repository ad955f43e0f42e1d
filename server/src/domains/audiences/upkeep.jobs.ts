import { createRounds, type Rounds } from '../../infra/rounds.ts'
import type { Services } from '../../infra/services.ts'
import { foldChanges } from './counts/counts.store.ts'
import { followFeeds } from './kept/feed.jobs.ts'
import { corpsSyncedSince, countedCorps, unscheduledCorps } from './kept/feed.store.ts'
import { reconcileDue, reconcileKind, scheduleReconcile, watchStock } from './saved/compute.jobs.ts'
import { keepLive } from './saved/live.jobs.ts'

const lookMs = 500
const foldMs = 300_000
const scheduleMs = 5_000
/** Fewer buyers and behaviours than these wait for more, or for the night. */
const foldLeast = 20_000

/** Keeps audiences as facts come. Any number of processes may run it. */
export function createAudienceUpkeep(services: Services): Rounds {
  const { db, log, pressure, operations } = services
  let foldAt = performance.now() + foldMs
  let scheduleAt = 0

  const schedule = async (): Promise<void> => {
    for (const id of await unscheduledCorps(db, reconcileDue))
      await db.transaction().execute(async (tx) => {
        await scheduleReconcile(services, tx, id)
        // a corp that is new here, or was before audiences were, is read at once
        await operations.begin({ kind: reconcileKind, corpId: id, input: {}, startedBy: 'system' }, tx)
      })
    for (const corpId of await corpsSyncedSince(db, reconcileKind))
      await operations.begin({ kind: reconcileKind, corpId, input: {}, startedBy: 'system' })
    await watchStock(services)
  }
  const pass = async (): Promise<void> => {
    if (performance.now() >= scheduleAt) {
      scheduleAt = performance.now() + scheduleMs
      await schedule()
    }
    for (let worked = 1; worked > 0 && !rounds.isStopped(); ) {
      await pressure.calm()
      worked = (await followFeeds(db)) + (await keepLive(services))
    }
    if (performance.now() < foldAt) return
    foldAt = performance.now() + foldMs
    for (const corpId of await countedCorps(db)) await foldChanges(db, corpId, foldLeast)
  }
  const rounds = createRounds({ everyMs: lookMs, pass, what: 'audiences', log })
  return rounds
}
