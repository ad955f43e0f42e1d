import type { Client } from '@nuanyu/wecom'
import { createRounds, type Rounds } from '../../../infra/rounds.ts'
import type { Services } from '../../../infra/services.ts'
import { settleCampaigns } from '../campaigns/start.jobs.ts'
import { readPublished } from '../moments/moment-results.ts'
import { goOnWithMoments } from '../moments/moment-rounds.ts'
import { lookForLate } from './late.ts'
import { askTasks, type RunNeeds } from './launch.ts'
import { lookAtTasks } from './results.ts'
import { seekTasks } from './seek.ts'
import { settleRuns } from './steer.ts'
import type { Task, TaskState } from './task.ts'
import { corpsToRun, takeTasks } from './tasks.store.ts'

/** How often to look, in machine time. */
const lookMs = 1_000
/** Longer than a batch may take at the slowest: only a process that died lets it pass. */
const leaseMs = 120_000

interface Lane {
  readonly of: 'messages' | 'moments'
  readonly states: readonly TaskState[]
  readonly batch: number
  readonly sideBySide: number
  work(needs: RunNeeds, client: Client, tasks: readonly Task[]): Promise<unknown>
}

/** What is taken back or read never waits behind what is asked; one sweep looks for as many lost answers as there are. */
const lanes: readonly Lane[] = [
  { of: 'messages', states: ['asked', 'confirmed'], batch: 200, sideBySide: 2, work: lookAtTasks },
  { of: 'messages', states: ['asking', 'unknown'], batch: 2_000, sideBySide: 1, work: seekTasks },
  { of: 'messages', states: ['planned'], batch: 100, sideBySide: 3, work: askTasks },
]

/** Members' parts of Moments that are published. */
const published: Lane = { of: 'moments', states: ['confirmed'], batch: 200, sideBySide: 1, work: readPublished }

/** Carries out the tasks of runs. Any number of processes may do so: each takes what the others have not in hand. */
export function createRunUpkeep(services: RunNeeds & Pick<Services, 'pressure'>): Rounds {
  const { db, clock, log, platform, pressure } = services

  const workOff = async (corpId: number, client: Client, lane: Lane): Promise<void> => {
    while (!rounds.isStopped()) {
      await pressure.calm()
      const ask = { of: lane.of, limit: lane.batch, at: clock.now(), machine: new Date(), leaseMs }
      const tasks = await takeTasks(db, corpId, lane.states, ask)
      if (tasks.length === 0) return
      await lane.work(services, client, tasks)
    }
  }
  const pass = async (): Promise<void> => {
    for (const corpId of await corpsToRun(db, clock.now())) {
      const client = await platform.forCorp(corpId)
      if (client === undefined || rounds.isStopped()) continue
      const moments = async () => {
        await goOnWithMoments(services, client, corpId, () =>
          rounds.isStopped() ? undefined : { at: clock.now(), machine: new Date(), leaseMs },
        )
        // what was just found to be published is read in the same round
        await workOff(corpId, client, published)
      }
      await Promise.all([
        moments(),
        lookForLate(services, client, corpId),
        ...lanes.flatMap((lane) => Array.from({ length: lane.sideBySide }, () => workOff(corpId, client, lane))),
      ])
    }
    await settleRuns(services)
    await settleCampaigns(services)
  }
  const rounds = createRounds({ everyMs: lookMs, pass, what: 'campaigns’ runs', log })
  return rounds
}
