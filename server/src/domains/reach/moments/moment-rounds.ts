import type { Client } from '@nuanyu/wecom'
import type { RunNeeds } from '../run/launch.ts'
import type { Taking } from '../run/tasks.store.ts'
import { takeDoubted } from './late-moments.store.ts'
import { type Moment, type MomentState, roomInMinute } from './moment.ts'
import { readJobs } from './moment-jobs.ts'
import { lookForLate } from './moment-late.ts'
import { askMoments } from './moment-launch.ts'
import { lookAtMoments } from './moment-looks.ts'
import { seekMoments } from './moment-seek.ts'
import { askedSince, takeMoments } from './moments.store.ts'

/** How many are taken in hand at a time: each costs a call or a few. */
const batch = 20
const minuteMs = 60_000

/** What is taken back or read never waits behind what is asked for. */
const lanes: readonly {
  readonly states: readonly MomentState[]
  work(needs: RunNeeds, client: Client, moments: readonly Moment[]): Promise<void>
}[] = [
  { states: ['asked'], work: lookAtMoments },
  { states: ['made'], work: readJobs },
  { states: ['asking', 'unknown'], work: seekMoments },
  { states: ['ready'], work: askMoments },
]

/**
 * One round over the Moments of a corp that are due: everything that is not one member's part. `taking` answers undefined when
 * nothing more is to be taken in hand.
 */
export async function goOnWithMoments(
  needs: RunNeeds,
  client: Client,
  corpId: number,
  taking: () => Omit<Taking, 'limit'> | undefined,
): Promise<void> {
  await lookForFirstOnes(needs, client, corpId, taking)
  await Promise.all(
    lanes.map(async ({ states, work }) => {
      for (;;) {
        const ask = taking()
        if (ask === undefined) return
        const limit = states.includes('ready') ? await roomNow(needs, corpId, ask.at) : batch
        const moments = limit <= 0 ? [] : await takeMoments(needs.db, corpId, states, { ...ask, limit })
        if (moments.length === 0) return
        await work(needs, client, moments)
      }
    }),
  )
}

/** Before the others: what it finds is taken back by the look at the same Moment. There is hardly ever any. */
async function lookForFirstOnes(
  needs: RunNeeds,
  client: Client,
  corpId: number,
  taking: () => Omit<Taking, 'limit'> | undefined,
): Promise<void> {
  for (let ask = taking(); ask !== undefined; ask = taking()) {
    const moments = await takeDoubted(needs.db, corpId, { ...ask, limit: batch })
    if (moments.length === 0) return
    await lookForLate(needs, client, moments)
  }
}

/** The platform takes so many in a minute (95094), whoever asks for them. */
async function roomNow({ db, platform }: RunNeeds, corpId: number, at: Date): Promise<number> {
  const { value } = await platform.limits(corpId)
  const asked = await askedSince(db, corpId, new Date(at.getTime() - minuteMs))
  return Math.min(batch, roomInMinute(value('moment.tasks_per_minute'), asked))
}
