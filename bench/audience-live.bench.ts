import { randomUUID } from 'node:crypto'
import { computeAudience, findAudience } from '../server/src/domains/audiences/index.ts'
import type { OpenDatabase } from '../server/src/infra/db/database.ts'
import type { Bench } from './lib/bench.ts'
import { type LiveAudience, liveAudiences, liveEvents } from './lib/live-audiences.ts'
import { type LivePlan, type LiveReport, liveEvent, liveName } from './lib/live-sender.ts'
import { openLiveWorld, startLiveServer } from './lib/live-world.ts'
import { percentile } from './lib/percentiles.ts'
import { runWorker } from './lib/processes.ts'
import { perThousand, useOf } from './lib/processor.ts'

const most = 3
const corpId = 1
const lookMs = 100
/** Of the business day of Shanghai, as the server sees it. */
const dayOf = (at: number) => Math.floor((at + 8 * 3_600_000) / 86_400_000)

/** From sending a fact to seeing who joined or left by it, while facts come steadily; then everybody computed anew. */
export const bench: Bench = {
  name: 'audience-live',
  describe: `1,000 events/s over HTTP against 20 live audiences: told within ${most} s (p99), none wrong`,
  async run(context) {
    const { folder, say, option } = context
    const persons = option('persons', 3_000_000)
    const [perSecond, seconds, batch] = [option('rate', 1_000), option('seconds', 60), option('batch', 50)]
    const database = await openLiveWorld(context, corpId, persons)
    const { db, pool } = database
    try {
      const now = new Date()
      const run = Math.floor(now.getTime() / 1000).toString(36)
      const { ids, audiences } = await makeAudiences(pool, run, now)
      const compute = (id: string) =>
        db.transaction().execute(async (tx) => {
          const audience = await findAudience(tx, corpId, id)
          if (!audience) throw new Error(`Audience ${id} is gone`)
          const today = dayOf(Date.now())
          return computeAudience(tx, audience, { today, at: new Date(), cause: 'check', because: 'bench' })
        })
      let held = 0
      for (const id of ids) held += (await compute(id)).size
      say(`${ids.length} live audiences computed, ${held} memberships`)
      const { server, url, key } = await startLiveServer(context, database, corpId)
      try {
        const plan: LivePlan = { url, key, run, persons, names: liveEvents, perSecond, batch, seconds }
        const before = await useOf(server.pid, folder, pool)
        const watch = watchMoves(pool, ids)
        const sent = await runWorker<LiveReport>('live-sender.ts', plan)
        say(`${sent.accepted} events accepted, ${watch.seen.length} moves so far`)
        const drained = await drain(pool)
        const moves = await watch.stop()
        const used = perThousand(before, await useOf(server.pid, folder, pool), sent.accepted)
        const lags = lagsOf(moves, audiences, ids, { sent, plan })
        await server.stop()
        let wrong = 0
        for (const [at, id] of ids.entries()) {
          const { joined, gone } = await compute(id)
          wrong += joined + gone
          if (joined + gone > 0) say(`${audiences[at]?.name}: ${joined} had not joined, ${gone} had not left`)
        }
        const lag = (share: number) => Math.round((percentile(lags.found, share) ?? Number.NaN) / 10) / 100
        const figures = {
          ...{ lag_p50_s: lag(0.5), lag_p99_s: lag(0.99), lag_max_s: lag(1), wrong, moves: moves.length },
          ...{ unexplained: lags.unexplained, drained_s: drained, accepted: sent.accepted, rejected: sent.rejected },
          ...{ http_p99_ms: Math.round(percentile(sent.latencies, 0.99) ?? Number.NaN), ...used },
        }
        const whole = sent.accepted === perSecond * seconds && sent.rejected === 0 && lags.unexplained === 0
        return {
          ok: whole && wrong === 0 && moves.length > 0 && figures.lag_p99_s <= most,
          config: { persons, rate: perSecond, seconds, batch, audiences: ids.length, memberships: held },
          figures,
        }
      } finally {
        if (server.child.exitCode === null) await server.stop()
      }
    } finally {
      await database.close()
    }
  },
}

async function makeAudiences(pool: OpenDatabase['pool'], run: string, at: Date) {
  await pool.query('delete from audiences; delete from audience_touched; delete from audience_run_bits')
  await pool.query("delete from audience_bits where key ~ '^audience:.{36}$'")
  await pool.query("delete from audience_changes where key ~ '^audience:.{36}$'")
  const ids: string[] = Array.from({ length: 20 }, () => randomUUID())
  const audiences = liveAudiences(
    (event) => liveName(run, event),
    (at) => ids[at] ?? '',
  )
  for (const [index, { name, rule }] of audiences.entries())
    await pool.query(
      `insert into audiences (id, corp_id, name, kind, version, rule, created_at, updated_at)
       values ($1, $2, $3, 'live', 1, $4, $5, $5)`,
      [ids[index], corpId, name, JSON.stringify(rule), at],
    )
  return { ids: ids.slice(0, audiences.length), audiences }
}

interface Move {
  readonly customer: number
  readonly audience: string
  readonly joined: boolean
  readonly seenAt: number
}

/** Looks every tenth of a second for who joined and left, as another room would read it. */
function watchMoves(pool: OpenDatabase['pool'], ids: readonly string[]) {
  const seen: Move[] = []
  const known = new Set<number>()
  let last = 0
  let isOver = false
  const look = async (): Promise<void> => {
    // a batch may commit after a later one: the numbers before the last are looked at again
    const { rows } = await pool.query<{ id: number; customer: number; audience: string; kind: string }>(
      `select id, customer_id as customer, payload->>'audienceId' as audience, kind from events
       where corp_id = $1 and kind in ('audience.joined', 'audience.left') and id > $2 and occurred_at > now() - interval '10 minutes'`,
      [corpId, last - 5_000],
    )
    const seenAt = Date.now()
    for (const { id, customer, audience, kind } of rows) {
      last = Math.max(last, id)
      if (known.has(id) || !ids.includes(audience)) continue
      known.add(id)
      seen.push({ customer, audience, joined: kind === 'audience.joined', seenAt })
    }
  }
  const looking = (async () => {
    while (!isOver) {
      await look()
      await new Promise((resolve) => setTimeout(resolve, lookMs))
    }
    await look()
  })()
  return {
    seen,
    async stop(): Promise<readonly Move[]> {
      isOver = true
      await looking
      return seen
    },
  }
}

/** Until nobody waits to be looked at: how long, in seconds; a minute at most. */
async function drain(pool: OpenDatabase['pool']): Promise<number> {
  const began = performance.now()
  while (performance.now() - began < 60_000) {
    const { rows } = await pool.query<{ open: boolean }>('select exists (select from audience_touched) as open')
    if (!rows[0]?.open) break
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
  return Math.round((performance.now() - began) / 100) / 10
}

/** Of each move the time since the fact was sent that caused it, ascending; those that no fact explains are counted. */
function lagsOf(
  moves: readonly Move[],
  audiences: readonly LiveAudience[],
  ids: readonly string[],
  { sent, plan }: { readonly sent: LiveReport; readonly plan: LivePlan },
) {
  const facts = new Map<string, number[]>()
  for (const [at, sentAt] of sent.sentAt.entries())
    for (let n = 0; n < plan.batch; n += 1) {
      const { person, event } = liveEvent(at * plan.batch + n, plan)
      const key = `${person} ${event}`
      facts.set(key, [...(facts.get(key) ?? []), sentAt])
    }
  const found: number[] = []
  let unexplained = 0
  for (const { customer, audience, joined, seenAt } of moves) {
    const one = audiences[ids.indexOf(audience)]
    const times = joined ? one?.joins : one?.leaves
    // the customer of a generated person has the next number
    const caused = one && times !== undefined ? facts.get(`${customer - 1} ${one.event}`)?.[times - 1] : undefined
    if (caused === undefined) unexplained += 1
    else found.push(seenAt - caused)
  }
  return { found: found.sort((a, b) => a - b), unexplained }
}
