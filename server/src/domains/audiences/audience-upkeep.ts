import { sql } from 'kysely'
import type { Services } from '../../infra/services.ts'
import { foldChanges } from './audiences.store.ts'
import { reconcileDue, reconcileKind, scheduleReconcile } from './compute.jobs.ts'
import { followFeeds } from './feed.jobs.ts'
import { keepLive } from './live.jobs.ts'

const lookMs = 500
const foldMs = 300_000
const scheduleMs = 5_000

export interface AudienceUpkeep {
  start(): void
  stop(): Promise<void>
  /** One round: what flowed in, and whom it turned. */
  pass(): Promise<void>
}

/** Keeps audiences as facts come. Any number of processes may run it. */
export function createAudienceUpkeep(services: Services): AudienceUpkeep {
  const { db, log, pressure, operations } = services
  let running: Promise<void> | undefined
  let timer: NodeJS.Timeout | undefined
  let stopped = false
  let foldAt = performance.now() + foldMs
  let scheduleAt = 0

  const schedule = async (): Promise<void> => {
    const { rows } = await sql<{ id: number }>`select id from corps where not exists (
      select from due where due.kind = ${reconcileDue} and due.key = corps.id::text)`.execute(db)
    for (const { id } of rows)
      await db.transaction().execute(async (tx) => {
        await scheduleReconcile(services, tx, id)
        // a corp that is new here, or was before audiences were, is read at once
        await operations.begin({ kind: reconcileKind, corpId: id, input: {}, startedBy: 'system' }, tx)
      })
    // who was there before we were is met by a sync, which tells no event of him
    const { rows: synced } = await sql<{ id: number }>`select s.corp_id as id from customer_syncs s
      left join audience_settings a on a.corp_id = s.corp_id
      where s.last_done_at is not null and (a.reconciled_at is null or a.reconciled_at < s.last_done_at) and not exists (
        select from operations o where o.corp_id = s.corp_id and o.kind = ${reconcileKind} and o.state in ('waiting', 'running'))`.execute(
      db,
    )
    for (const { id } of synced)
      await operations.begin({ kind: reconcileKind, corpId: id, input: {}, startedBy: 'system' })
  }
  const pass = async (): Promise<void> => {
    if (performance.now() >= scheduleAt) {
      scheduleAt = performance.now() + scheduleMs
      await schedule()
    }
    for (let worked = 1; worked > 0 && !stopped; ) {
      await pressure.calm()
      worked = (await followFeeds(db)) + (await keepLive(services))
    }
    if (performance.now() < foldAt) return
    foldAt = performance.now() + foldMs
    const { rows } = await sql<{ corp_id: number }>`select distinct corp_id from audience_corps`.execute(db)
    for (const { corp_id } of rows) await foldChanges(db, corp_id)
  }
  const look = () => {
    running ??= pass()
      .catch((error: unknown) => log.warn({ err: error }, 'a round of audiences failed; the next one tries again'))
      .finally(() => {
        running = undefined
      })
  }
  return {
    pass,
    start() {
      stopped = false
      timer = setInterval(look, lookMs)
      timer.unref()
      look()
    },
    async stop() {
      stopped = true
      clearInterval(timer)
      await running
    },
  }
}
