import { sql } from 'kysely'
import type pg from 'pg'
import type { Log } from '../log.ts'
import type { Executor } from './database.ts'

/**
 * Word between processes (LISTEN/NOTIFY). It only says "look again": whoever misses it must still be right later,
 * so after every reconnection each handler is called with `undefined`, meaning "something may have been missed".
 */
export interface Listener {
  on(channel: Channel, handler: (payload: string | undefined) => void): () => void
  start(): Promise<void>
  stop(): Promise<void>
}

export const channels = ['nuanyu_apps', 'nuanyu_budget', 'nuanyu_operations', 'nuanyu_due'] as const
export type Channel = (typeof channels)[number]

/** Sent when the transaction commits, never when it rolls back. */
export async function notify(on: Executor, channel: Channel, payload: string): Promise<void> {
  await sql`select pg_notify(${channel}, ${payload})`.execute(on)
}

const reconnectMs = 500

export function createListener(pool: pg.Pool, log: Log): Listener {
  const handlers = new Map<Channel, Set<(payload: string | undefined) => void>>()
  let client: pg.PoolClient | undefined
  let timer: NodeJS.Timeout | undefined
  let stopped = true

  const deliver = (channel: string, payload: string | undefined) => {
    for (const known of channels) {
      if (known === channel) for (const handler of handlers.get(known) ?? []) handler(payload)
    }
  }
  const lost = (gone: pg.PoolClient, error: unknown) => {
    if (client !== gone) return
    client = undefined
    gone.release(true)
    if (stopped) return
    log.warn({ err: error }, 'lost the connection that listens; connecting again')
    again()
  }
  const again = () => {
    timer = setTimeout(() => {
      connect().catch(() => again())
    }, reconnectMs)
    timer.unref()
  }
  const connect = async () => {
    const fresh = await pool.connect()
    if (stopped) {
      fresh.release()
      return
    }
    client = fresh
    fresh.on('notification', (message) => deliver(message.channel, message.payload ?? ''))
    fresh.on('error', (error) => lost(fresh, error))
    fresh.on('end', () => lost(fresh, undefined))
    try {
      await fresh.query(channels.map((channel) => `listen ${channel}`).join('; '))
    } catch (error) {
      lost(fresh, error)
      return
    }
    for (const channel of channels) deliver(channel, undefined)
  }
  return {
    on(channel, handler) {
      const set = handlers.get(channel) ?? new Set()
      handlers.set(channel, set)
      set.add(handler)
      return () => set.delete(handler)
    },
    async start() {
      stopped = false
      await connect()
    },
    async stop() {
      stopped = true
      clearTimeout(timer)
      const gone = client
      client = undefined
      gone?.removeAllListeners('notification')
      gone?.release(true)
    },
  }
}
