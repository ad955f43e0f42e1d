import { sql } from 'kysely'
import type pg from 'pg'
import type { Database } from './db/database.ts'

/**
 * This process in the table `processes`. It holds the advisory lock (1, id) on a connection of its own for as long as it
 * lives: when it dies, however, the database frees the lock at once and others may take over what it left.
 */
export interface ProcessRegistration {
  readonly id: number
  /** Processes that have left work and are dead. */
  deadOwners(): Promise<readonly number[]>
  leave(): Promise<void>
}

const lockSpace = 1

export async function registerProcess(
  db: Database,
  pool: pg.Pool,
  roles: string,
  onLost: (error: Error) => void,
): Promise<ProcessRegistration> {
  const { rows } = await sql<{ id: number }>`
    insert into processes (roles, started_at, machine_pid) values (${roles}, ${new Date()}, ${process.pid}) returning id`.execute(
    db,
  )
  const id = rows[0]?.id
  if (id === undefined) throw new Error('the process could not be registered')
  let leaving = false
  let client: pg.PoolClient | undefined
  const letGo = (given: pg.PoolClient): void => {
    if (client !== given) return
    client = undefined
    given.release(true)
  }

  async function hold(): Promise<void> {
    const fresh = await pool.connect()
    client = fresh
    let held = false
    fresh.once('error', (error) => {
      letGo(fresh)
      // before it is held whoever waits for it is told by the query
      if (!held || leaving) return
      onLost(error)
      void rehold()
    })
    if (leaving) return letGo(fresh)
    try {
      await fresh.query('select pg_advisory_lock($1, $2)', [lockSpace, id])
      held = true
    } catch (error) {
      letGo(fresh)
      throw error
    }
  }

  // the database went away and came back: take the lock again, so that nobody takes our work from us
  async function rehold(): Promise<void> {
    while (!leaving) {
      try {
        return await hold()
      } catch {
        await new Promise((resolve) => setTimeout(resolve, 250))
      }
    }
  }

  await hold()
  return {
    id,
    async deadOwners() {
      const owners = await sql<{ id: number; alive: boolean }>`
        select id, exists (
          select 1 from pg_locks where locktype = 'advisory' and classid = ${lockSpace} and objid = owners.id::oid
            and database = (select oid from pg_database where datname = current_database()) and granted) as alive
        from (
          select process_id as id from inbox_batches
          union select process_id from effects where state = 'claimed' and process_id is not null
          union select process_id from operations where state = 'running' and process_id is not null
        ) owners where id <> ${id}`.execute(db)
      return owners.rows.filter((owner) => !owner.alive).map((owner) => owner.id)
    },
    async leave() {
      leaving = true
      await sql`delete from processes where id = ${id}`.execute(db).catch(() => undefined)
      if (client !== undefined) letGo(client)
    },
  }
}
