import { sql } from 'kysely'
import type { Bench } from './lib/bench.ts'
import { ask, type OracleSummary } from './lib/brand.ts'
import { type CampaignWorld, campaignWorld } from './lib/campaign-world.ts'
import { useOf } from './lib/processor.ts'

const must = { calls_per_sender_round: 3 }
/** How much time passes between two rounds. */
const stepMinutes = 10
const reads = ['/cgi-bin/externalcontact/get_groupmsg_task', '/cgi-bin/externalcontact/get_groupmsg_send_result']

/** A run is asked, members confirm as they do, and what became of everybody is read until the run has ended. */
export const bench: Bench = {
  name: 'results',
  describe: `a run of 600,000 people polled to its end: at most ${must.calls_per_sender_round} calls a sender and round`,
  async run({ folder, say, option }) {
    const recipients = option('recipients', 600_000)
    const staff = option('staff', 8_000)
    const size = { staff, people: Math.ceil(recipients * 1.1), recipients, perTask: 10_000 }
    const world = await campaignWorld(folder, size, say)
    try {
      await world.set({ habits: { prompt: 0.6, late: 0.3 } })
      await world.begin()
      await world.upkeep.pass()
      const pool = world.database.pool
      const before = await useOf(process.pid, folder, pool)
      const began = performance.now()
      const seen = await polled(world, say)
      const after = await useOf(process.pid, folder, pool)
      const used = (from?: number, to?: number) => Math.round(((to ?? 0) - (from ?? 0)) / 100) / 10
      const wrong = await differences(world)
      const calls_per_sender_round = Math.round(seen.worst * 100) / 100
      return {
        ok: calls_per_sender_round <= must.calls_per_sender_round && wrong === 0 && seen.ended,
        config: { recipients, staff, tasks: world.tasks, step_minutes: stepMinutes },
        figures: {
          ...{ calls_per_sender_round, rounds: seen.rounds, calls: seen.calls, wrong },
          calls_a_task: Math.round((seen.calls / world.tasks) * 10) / 10,
          minutes: Math.round((performance.now() - began) / 600) / 100,
          database_processor_s: used(before.databaseMs, after.databaseMs),
          server_processor_s: used(before.serverMs, after.serverMs),
        },
      }
    } finally {
      await world.stop()
    }
  },
}

/** Rounds until the run has ended; the worst of them by calls for each sender that was looked at in it. */
async function polled(world: CampaignWorld, say: (text: string) => void) {
  let [rounds, calls, worst, ended] = [0, 0, 0, false]
  for (; rounds < 400 && !ended; rounds += 1) {
    await world.pass(stepMinutes)
    await world.services.due.run()
    const [due, before] = [await dueNow(world), await callsOf(world)]
    await world.upkeep.pass()
    const made = (await callsOf(world)) - before
    calls += made
    if (due > 0) worst = Math.max(worst, made / due)
    const run = await world.services.db
      .selectFrom('campaign_runs')
      .select('ended_at')
      .where('id', '=', world.runId)
      .executeTakeFirstOrThrow()
    ended = run.ended_at !== null
    if (rounds % 20 === 0) say(`round ${rounds}: ${due} looked at with ${made} calls`)
  }
  return { rounds, calls, worst, ended }
}

async function dueNow({ services, runId }: CampaignWorld): Promise<number> {
  const { rows } = await sql<{ n: number }>`
    select count(*)::int as n from campaign_tasks
    where run_id = ${runId} and state in ('asked', 'confirmed') and next_at <= ${services.clock.now()}`.execute(
    services.db,
  )
  return rows[0]?.n ?? 0
}

async function callsOf({ sandboxUrl }: CampaignWorld): Promise<number> {
  const { calls } = await ask<OracleSummary>(`${sandboxUrl}/sandbox/oracle/summary`)
  return reads.reduce((sum, path) => sum + (calls.byPath[path]?.count ?? 0), 0)
}

/** How far what we say was sent is from what the platform sent. */
async function differences({ services, runId, sandboxUrl }: CampaignWorld): Promise<number> {
  const { total } = await ask<{ total: number }>(`${sandboxUrl}/sandbox/oracle/deliveries?limit=1`)
  const { rows } = await sql<{ sent: number; people: number }>`
    select (select sum(sent) from campaign_tasks where run_id = ${runId})::int as sent,
      (select count(*) from campaign_recipients where run_id = ${runId} and status = 1)::int as people`.execute(
    services.db,
  )
  return Math.abs(total - (rows[0]?.sent ?? 0)) + Math.abs(total - (rows[0]?.people ?? 0))
}
