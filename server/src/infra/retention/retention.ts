import type { Clock } from '../clock.ts'
import type { Database } from '../db/database.ts'
import type { Log } from '../log.ts'
import type { Services } from '../services.ts'
import { nextTimeOfDay } from '../zone.ts'
import {
  deleteOlder,
  deleteOlderRemainder,
  dropPartition,
  makePartitions,
  ownedBefore,
  partitionsOf,
} from './partitions.store.ts'
import { cutoff, spanOfName, spansFrom } from './periods.ts'
import { deleteBatch, owned, periodsAhead, type RetentionRule, retention } from './rules.ts'

type Needs = { readonly db: Database; readonly clock: Clock; readonly signal?: AbortSignal }

/** What a round did. */
export interface RetentionReport {
  readonly made: readonly string[]
  readonly dropped: readonly string[]
  /** Rows deleted one by one, by table. */
  readonly deleted: Readonly<Record<string, number>>
}

/** Partitions for now and the time to come. */
export async function makePartitionsAhead({ db, clock }: Needs): Promise<readonly string[]> {
  const partitioned = retention.flatMap(({ table, column, partitions }) =>
    partitions === undefined ? [] : [{ table, column, partitions }],
  )
  const there = await partitionsOf(
    db,
    partitioned.map((rule) => rule.table),
  )
  const made: string[] = []
  for (const { table, column, partitions } of partitioned) {
    const wanted = spansFrom(table, partitions, clock.now(), periodsAhead[partitions])
    const known = new Set(there.get(table))
    if (wanted.every((span) => known.has(span.name))) continue
    made.push(...(await makePartitions(db, table, column, wanted)))
  }
  return made
}

/** At the start of a process, before it writes. What fails now waits in the default partition for the next round. */
export async function preparePartitions({ db, clock, log }: Pick<Services, 'db' | 'clock' | 'log'>): Promise<void> {
  try {
    await makePartitionsAhead({ db, clock })
  } catch (error) {
    log.warn({ err: error }, 'partitions could not be made ahead; the next round of retention tries again')
  }
}

/** One round: partitions ahead, and away with what is past its days. */
export async function applyRetention(needs: Needs): Promise<RetentionReport> {
  const made = await makePartitionsAhead(needs)
  const dropped: string[] = []
  const deleted: Record<string, number> = {}
  for (const rule of retention) {
    if (rule.days === undefined) continue
    const before = cutoff(needs.clock.now(), rule.days)
    if (rule.partitions !== undefined) dropped.push(...(await dropPast(needs.db, rule.table, before)))
    const count = await deletePast(needs, rule, before)
    if (count > 0) deleted[rule.table] = count
  }
  for (const rule of owned)
    for (const name of await ownedBefore(needs.db, rule, cutoff(needs.clock.now(), rule.days))) {
      await dropPartition(needs.db, name)
      dropped.push(name)
    }
  return { made, dropped, deleted }
}

async function dropPast(db: Database, table: string, before: Date): Promise<readonly string[]> {
  const names = (await partitionsOf(db, [table])).get(table) ?? []
  const past = names.filter((name) => (spanOfName(table, name)?.until ?? before) < before)
  for (const name of past) await dropPartition(db, name)
  return past
}

/** In batches, each a transaction of its own: nobody waits for a round of millions. */
async function deletePast({ db, signal }: Needs, rule: RetentionRule, before: Date): Promise<number> {
  const { table, column, key } = rule
  let count = 0
  for (;;) {
    const batch =
      key === undefined
        ? await deleteOlderRemainder(db, table, column, before, deleteBatch)
        : await deleteOlder(db, { ...rule, key }, before, deleteBatch)
    count += batch
    if (batch < deleteBatch || signal?.aborted) return count
  }
}

const kind = 'retention.daily'
/** The quietest hour of the night in China: 03:20 in Shanghai. */
const atMinuteUtc = 19 * 60 + 20

export interface RetentionUpkeep {
  /** Ends a round that is under way after its present batch. */
  stop(): Promise<void>
}

/** Once a day of business time. Call before `due.start`. */
export function defineRetention({
  db,
  clock,
  due,
  log,
}: Pick<Services, 'db' | 'clock' | 'due' | 'log'>): RetentionUpkeep {
  const stopping = new AbortController()
  let rounds = Promise.resolve()
  due.define(kind, async (_items, tx) => {
    // beside the handler: a round may be long, and what else is due must not wait for it
    rounds = rounds.then(() => round({ db, clock, signal: stopping.signal }, log))
    await due.schedule(tx, [{ corpId: installation, kind, key: 'all', at: nextRound(clock.now()) }])
  })
  return {
    async stop() {
      stopping.abort()
      await rounds
    },
  }
}

/** Stands for no corp: what concerns the installation. */
const installation = 0

export async function scheduleRetention({ db, due, clock }: Pick<Services, 'db' | 'due' | 'clock'>): Promise<void> {
  await due.schedule(db, [{ corpId: installation, kind, key: 'all', at: clock.now() }])
}

export function nextRound(now: Date): Date {
  return nextTimeOfDay(now, atMinuteUtc, 'UTC')
}

async function round(needs: Needs, log: Log): Promise<void> {
  if (needs.signal?.aborted) return
  try {
    const { made, dropped, deleted } = await applyRetention(needs)
    if (made.length + dropped.length + Object.keys(deleted).length > 0)
      log.info({ made, dropped, deleted }, 'what is past its days was removed')
  } catch (error) {
    log.warn({ err: error }, 'a round of retention failed; the next day tries again')
  }
}
