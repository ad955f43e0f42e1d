import { sql } from 'kysely'
import type { Bench } from './lib/bench.ts'
import { ask } from './lib/brand.ts'
import { type CampaignWorld, campaignWorld } from './lib/campaign-world.ts'

const must = { calls_per_min: 5_000 }
const lostShare = 0.05

/** A run whose tasks are all asked at once, while a part of the answers is lost; each is found again and none is made twice. */
export const bench: Bench = {
  name: 'launch',
  describe: `24,000 tasks asked with 5 % lost answers: ${must.calls_per_min} calls a minute, duplicates 0`,
  async run({ folder, say, option }) {
    const tasks = option('tasks', 24_000)
    const perTask = option('people-a-task', 2)
    const size = { staff: option('staff', 800), people: Math.ceil(tasks * perTask * 1.3), perTask }
    const world = await campaignWorld(folder, { ...size, recipients: tasks * perTask }, say)
    try {
      await ask(`${world.sandboxUrl}/sandbox/faults`, {
        ...{ kind: 'lost_answer', share: lostShare, match: { path: 'externalcontact/add_msg_template' } },
      })
      await world.begin()
      const began = performance.now()
      await world.upkeep.pass()
      const seconds = (performance.now() - began) / 1_000
      const asked = await states(world)
      say(`${JSON.stringify(asked)} in ${seconds.toFixed(1)} s`)
      await ask(`${world.sandboxUrl}/sandbox/faults`, undefined, 'DELETE')
      const soughtFrom = performance.now()
      for (let rounds = 0; rounds < 30 && ((await states(world)).unknown ?? 0) > 0; rounds += 1) {
        await world.pass(2)
        await world.upkeep.pass()
      }
      const sought_s = (performance.now() - soughtFrom) / 1_000
      const after = await states(world)
      const duplicates = (await living(world)) - world.tasks
      const calls_per_min = Math.round((world.tasks / seconds) * 60)
      return {
        ok: calls_per_min >= must.calls_per_min && duplicates === 0 && after.asked === world.tasks,
        config: { tasks: world.tasks, people_a_task: perTask, lost_share: lostShare },
        figures: {
          ...{ calls_per_min, duplicates, lost: asked.unknown ?? 0, found: after.asked ?? 0 },
          ...{ launch_s: Math.round(seconds * 10) / 10, sought_s: Math.round(sought_s * 10) / 10 },
        },
      }
    } finally {
      await world.stop()
    }
  },
}

async function states({ services, runId }: CampaignWorld): Promise<Readonly<Record<string, number>>> {
  const { rows } = await sql<{ state: string; n: number }>`
    select state, count(*)::int as n from campaign_tasks where run_id = ${runId} group by state`.execute(services.db)
  return Object.fromEntries(rows.map((row) => [row.state, row.n]))
}

/** Sends that the sandbox made and that nobody took back. */
async function living({ sandboxUrl }: CampaignWorld): Promise<number> {
  let made = 0
  for (let after = -1; ; ) {
    const page = await ask<{ total: number; broadcasts: { number: number; cancelled: boolean }[] }>(
      `${sandboxUrl}/sandbox/oracle/broadcasts?limit=2000&after=${after}`,
    )
    made += page.broadcasts.filter((one) => !one.cancelled).length
    const last = page.broadcasts.at(-1)
    if (last === undefined) return made
    after = last.number
  }
}
