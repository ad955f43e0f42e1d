import { setTimeout as wait } from 'node:timers/promises'
import pg from 'pg'

/** serialization_failure: graphile-worker repeats it after 50 ms, then more slowly, up to 100 times. */
const repeatable = '40001'
const retryMs = 500

/**
 * The house's pool as graphile-worker needs it. The queue does not wait for the answer when it completes a job, and
 * repeats a statement only for codes that it knows, a broken connection not among them: one that broke at that moment
 * would end the process. Here a broken connection reads as repeatable, and whoever finds no database waits for it until
 * the queue is stopped. What the queue asks may be repeated: it deletes by id, and takes only what nobody holds.
 */
export function patientPool(pool: pg.Pool, stopped: () => boolean): pg.Pool {
  const connect = async (): Promise<pg.PoolClient> => {
    for (;;) {
      try {
        return patientClient(await pool.connect())
      } catch (error) {
        if (stopped() || pool.ending) throw again(error)
        await wait(retryMs)
      }
    }
  }
  return new Proxy(pool, {
    get: (target, name) =>
      name === 'connect' ? (listen?: Listen) => (listen ? pool.connect(listen) : connect()) : Reflect.get(target, name),
  })
}

/** The queue's listener connects with a callback and comes back by itself. */
type Listen = Parameters<pg.Pool['connect']>[0]

function patientClient(client: pg.PoolClient): pg.PoolClient {
  const query = async (asked: pg.QueryConfig | string, values?: unknown[]) => {
    try {
      return await (typeof asked === 'string' ? client.query(asked, values) : client.query(asked))
    } catch (error) {
      throw isBroken(error) ? again(error) : error
    }
  }
  return new Proxy(client, { get: (target, name) => (name === 'query' ? query : Reflect.get(target, name)) })
}

/** Class 08 is a connection exception, 57P01 to 57P03 a server that goes down or comes up; all else is the socket. */
function isBroken(error: unknown): boolean {
  return !(error instanceof pg.DatabaseError) || /^(08|57P)/.test(error.code ?? '')
}

function again(error: unknown): Error {
  return Object.assign(new Error(`The database was away: ${String(error)}`, { cause: error }), { code: repeatable })
}
