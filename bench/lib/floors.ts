import { randomBytes } from 'node:crypto'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { openCallback, parseEvent } from '@nuanyu/wecom'
import type pg from 'pg'
import { createApi } from '../../server/src/infra/http/api.ts'
import { listen } from '../../server/src/infra/http/server.ts'
import type { CallbackTarget } from './callbacks.ts'

/** What this machine does at most, measured in the same run: nothing can be faster than its floor. */

/** An HTTP server that only reads the body and answers 200. */
export async function bareHttp(): Promise<{ port: number; close: () => void }> {
  const server = createServer((request, response) => {
    request.resume()
    request.on('end', () => response.writeHead(200, { 'content-length': 0 }).end())
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return { port: (server.address() as AddressInfo).port, close: () => server.close() }
}

/** The framework that the server stands on, leading on to one address and doing nothing else. */
export async function bareRedirect(target: string): Promise<{ port: number; close: () => Promise<void> }> {
  const app = createApi()
  app.get('/l/:token', (c) => c.redirect(target))
  return listen(app, 0, '127.0.0.1')
}

/** Opening and parsing callbacks in one thread, a second. */
export function openAndParse(target: CallbackTarget, requests: readonly { path: string; body: string }[]): number {
  const started = performance.now()
  for (const { path, body } of requests) {
    const query = new URLSearchParams(path.slice(path.indexOf('?') + 1))
    parseEvent(
      openCallback({
        token: target.token,
        aesKey: target.aesKey,
        receiveId: target.corpid,
        body,
        query: {
          msg_signature: query.get('msg_signature') ?? '',
          timestamp: query.get('timestamp') ?? '',
          nonce: query.get('nonce') ?? '',
        },
      }).xml,
    )
  }
  return (requests.length / (performance.now() - started)) * 1000
}

/**
 * Committed inserts of what must be durable, and nothing else: a unique key and the row, as many rows a commit as there
 * are requests under way, one connection; a second.
 */
export async function bareInsert(pool: pg.Pool, xml: string, rowsPerCommit: number, forMs: number): Promise<number> {
  await pool.query('drop table if exists bench_floor_keys, bench_floor')
  await pool.query('create table bench_floor_keys (like dedupe_keys including all)')
  await pool.query('create table bench_floor (like callbacks including all)')
  const at = new Date()
  const fill = <T>(value: T): T[] => Array<T>(rowsPerCommit).fill(value)
  const started = performance.now()
  let rows = 0
  while (performance.now() - started < forMs) {
    const keys = Array.from({ length: rowsPerCommit }, () => randomBytes(16))
    await pool.query(
      `with given as (
         select * from unnest($1::bytea[], $2::uuid[], $3::timestamptz[], $4::text[], $5::text[], $6::text[], $7::text[])
           as given(key, app_id, at, kind, subject, staff, body)
       ), keys as (insert into bench_floor_keys select key, at from given)
       insert into bench_floor (batch_id, corp_id, app_id, received_at, created_at, kind, subject, staff_userid, body)
       select 1, 1, app_id, at, at, kind, subject, staff, body from given`,
      [
        keys,
        fill('0198c0de-0000-7000-8000-000000000001'),
        fill(at),
        fill('customer.added'),
        keys.map((key) => `wm${key.toString('hex')}`),
        fill('staff1'),
        fill(xml),
      ],
    )
    rows += rowsPerCommit
  }
  const rate = (rows / (performance.now() - started)) * 1000
  await pool.query('drop table bench_floor_keys, bench_floor')
  return rate
}
