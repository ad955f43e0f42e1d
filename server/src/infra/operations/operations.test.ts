import { pino } from 'pino'
import { afterEach, beforeAll, describe, expect, test } from 'vitest'
import { manualClock } from '../clock.ts'
import { createListener } from '../db/listen.ts'
import { createJobs } from '../jobs/jobs.ts'
import { testDatabase } from '../postgres/testing.ts'
import { createOperations } from './create.ts'
import type { OperationRun, Operations } from './operations.ts'
import { operationOver } from './testing.ts'

const { db, pool } = await testDatabase()
const log = pino({ level: 'silent' })
const clock = manualClock('2026-11-11T08:00:00+08:00')
const corpId = 1
let processes = 100
const closing: (() => Promise<void>)[] = []

beforeAll(() => createJobs({ pool, log }).migrate())
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close()
})

/** A process with the role worker: it holds the lock (1, its id) for as long as it lives. */
async function worker(define: (operations: Operations) => void) {
  processes += 1
  const processId = processes
  const life = await pool.connect()
  await life.query('select pg_advisory_lock(1, $1)', [processId])
  const jobs = createJobs({ pool, log, concurrency: 1 })
  const listener = createListener(pool, log)
  const operations = createOperations({ db, jobs, listener, clock, log, processId, sweepMs: 50 })
  define(operations)
  await listener.start()
  await jobs.start()
  operations.start(db)
  let alive = true
  const stop = async () => {
    await operations.stop()
    await jobs.stop()
    await listener.stop()
    if (alive) life.release(true)
    alive = false
  }
  closing.push(stop)
  return { operations, processId, stop }
}

const over = (operations: Operations, id: string) => operationOver(operations, corpId, id)
const request = (kind: string, input: unknown = {}) => ({ kind, corpId, input, startedBy: 'tester' })
const tick = () => new Promise((resolve) => setTimeout(resolve, 5))
function signal() {
  let give: () => void = () => undefined
  const given = new Promise<void>((resolve) => {
    give = resolve
  })
  return { give, given }
}

describe('operations', () => {
  test('one that was begun runs, reports progress and gives its result', async () => {
    const { operations } = await worker((operations) => {
      operations.define('add', async (run: OperationRun<{ a: number; b: number }>) => {
        await run.progress({ done: 1, total: 2 })
        await run.progress({ done: 2 })
        return { sum: run.input.a + run.input.b }
      })
    })
    const id = await operations.begin(request('add', { a: 1, b: 2 }))
    expect(await over(operations, id)).toMatchObject({
      state: 'done',
      done: 2,
      total: 2,
      result: { sum: 3 },
      error: null,
    })
  })

  test('begun in a transaction that rolls back it never was', async () => {
    const { operations } = await worker((operations) => operations.define('none', async () => undefined))
    let id = ''
    await db
      .transaction()
      .execute(async (tx) => {
        id = await operations.begin(request('none'), tx)
        throw new Error('changed my mind')
      })
      .catch(() => undefined)
    expect(await operations.find(corpId, id)).toBeUndefined()
  })

  test('a cancel is seen at the next progress call', async () => {
    const started = signal()
    const { operations } = await worker((operations) => {
      operations.define('endless', async (run) => {
        for (let done = 0; ; done += 1) {
          await run.progress({ done })
          started.give()
          await tick()
        }
      })
    })
    const id = await operations.begin(request('endless'))
    await started.given
    expect(await operations.cancel(corpId, id)).toBe(true)
    expect((await over(operations, id)).state).toBe('cancelled')
    expect(await operations.cancel(corpId, id)).toBe(false)
  })

  test('a failure is kept in words and does not stop the others', async () => {
    const { operations } = await worker((operations) => {
      operations.define('broken', async () => Promise.reject(new Error('the file has no header')))
      operations.define('whole', async () => 'ok')
    })
    const broken = await operations.begin(request('broken'))
    const whole = await operations.begin(request('whole'))
    expect(await over(operations, broken)).toMatchObject({
      state: 'failed',
      error: expect.stringContaining('no header'),
    })
    expect(await over(operations, whole)).toMatchObject({ state: 'done', result: 'ok' })
  })

  test('an operation of another corp can neither be seen nor cancelled', async () => {
    const { operations } = await worker(() => undefined)
    const id = await operations.begin({ ...request('nobody-does-this'), corpId: 2 })
    expect(await operations.find(corpId, id)).toBeUndefined()
    expect(await operations.cancel(corpId, id)).toBe(false)
    expect(await operations.cancel(2, id)).toBe(true)
  })

  test('one whose process died goes on elsewhere from its checkpoint', async () => {
    const seen: unknown[] = []
    const { operations } = await worker((operations) => {
      operations.define('resumed', async (run) => {
        seen.push(run.checkpoint)
        return 'finished by another'
      })
    })
    // what a process leaves behind that was killed: nobody holds its lock
    const { rows } = await pool.query<{ id: string }>(
      `insert into operations (id, corp_id, kind, state, checkpoint, started_by, process_id, created_at)
       values (gen_random_uuid(), 1, 'resumed', 'running', '{"page": 7}', 'tester', 99, now()) returning id`,
    )
    expect(await over(operations, rows[0]?.id ?? '')).toMatchObject({ state: 'done', result: 'finished by another' })
    expect(seen).toEqual([{ page: 7 }])
  })

  test('one whose process lives is left alone', async () => {
    const living = await worker(() => undefined)
    const other = await worker((operations) => operations.define('elsewhere', async () => 'stolen'))
    await pool.query(
      `insert into operations (id, corp_id, kind, state, started_by, process_id, created_at)
       values ('00000000-0000-7000-8000-000000000001', 1, 'elsewhere', 'running', 'tester', $1, now())`,
      [living.processId],
    )
    const mark = await other.operations.begin(request('elsewhere'))
    await over(other.operations, mark)
    await tick()
    const view = await other.operations.find(corpId, '00000000-0000-7000-8000-000000000001')
    expect(view?.state).toBe('running')
  })

  test('a process that stops hands its operations over with the point they had reached', async () => {
    const started = signal()
    const points: unknown[] = []
    const define = (operations: Operations) =>
      operations.define('handed-over', async (run) => {
        points.push(run.checkpoint)
        if (run.checkpoint !== null) return 'done by the second'
        for (let page = 1; ; page += 1) {
          await run.progress({ done: page, checkpoint: { page } })
          started.give()
          await tick()
        }
      })
    const first = await worker(define)
    const id = await first.operations.begin(request('handed-over'))
    await started.given
    await first.stop()
    const second = await worker(define)
    expect((await over(second.operations, id)).result).toBe('done by the second')
    expect(points).toEqual([null, { page: expect.any(Number) }])
  })

  test('progress is written at most twice a second', async () => {
    const { operations } = await worker((operations) => {
      operations.define('chatty', async (run) => {
        await pool.query('create table progress_writes (n int)')
        await pool.query(`create function count_progress() returns trigger language plpgsql as
          $$ begin if new.done is distinct from old.done then insert into progress_writes values (1); end if; return new; end $$`)
        await pool.query(
          'create trigger count_progress after update on operations for each row execute function count_progress()',
        )
        for (let done = 1; done <= 200; done += 1) await run.progress({ done, total: 200 })
      })
    })
    const began = performance.now()
    const id = await operations.begin(request('chatty'))
    expect((await over(operations, id)).done).toBe(200)
    const { rows } = await pool.query<{ n: number }>('select count(*)::int as n from progress_writes')
    const halfSeconds = Math.floor((performance.now() - began) / 500)
    expect(rows[0]?.n).toBeLessThanOrEqual(3 + halfSeconds)
  })
})
