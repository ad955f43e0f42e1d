import type { Tx } from '../../infra/db/database.ts'
import { followEvents, type StoredEvent } from '../../infra/events/follow.ts'
import { createRounds, type Rounds } from '../../infra/rounds.ts'
import type { Services } from '../../infra/services.ts'
import { followRuleTags } from './rule-tags.jobs.ts'
import { adopt } from './tag-adopt.ts'
import { makeCalls } from './tag-calls.ts'
import { corpsToWork, queuePersons, recordFacts } from './tag-facts.store.ts'
import { takeCalls } from './tag-marks.store.ts'
import { fillPlain, manyWait } from './tag-plain.store.ts'
import { workSome } from './tag-sync.job.ts'
import { tagIdsOf } from './tag-upkeep.store.ts'
import { fingerprintOf } from './tags.store.ts'

/** How often to look, in machine time. */
const lookMs = 1_000
const batch = 500
const leaseMs = 60_000
/** More than these wait after a first reading: those without a word of ours are worked out so many at once. */
const many = 2_000
const atOnce = 10_000
const callsAtOnce = 200

export type TagNeeds = Pick<Services, 'db' | 'clock' | 'log' | 'effects' | 'platform' | 'due' | 'pressure'>

/** Keeps the tags of persons as the facts have them, and the platform as we want it. Any number of processes may run it. */
export function createTagUpkeep(services: TagNeeds & Pick<Services, 'operations'>): Rounds {
  const { db, log, platform, pressure } = services
  /** What of the platform's tags is in our catalogue, by corp. */
  const adopted = new Map<number, string>()

  const fillMany = async (corpId: number): Promise<number> => {
    const at = new Date()
    if (!(await manyWait(db, corpId, many, at))) return 0
    return db.transaction().execute((tx) => fillPlain(tx, corpId, atOnce, at))
  }
  const pass = async (): Promise<void> => {
    for (let read = batch; read === batch && !rounds.isStopped(); ) {
      await pressure.calm()
      read = await followEvents(db, 'tags', batch, (events, tx) => react(events, tx))
    }
    for (let read = batch; read === batch && !rounds.isStopped(); ) {
      await pressure.calm()
      read = await followRuleTags(services)
    }
    for (const { id } of await db.selectFrom('corps').select('id').orderBy('id').execute()) {
      const print = await fingerprintOf(db, id)
      if (adopted.get(id) !== print) await adopt(services, id)
      adopted.set(id, print)
    }
    for (const corpId of await corpsToWork(db, new Date())) {
      for (let filled = atOnce; filled === atOnce && !rounds.isStopped(); ) {
        await pressure.calm()
        filled = await fillMany(corpId)
      }
      for (let worked = batch; worked === batch && !rounds.isStopped(); ) {
        await pressure.calm()
        worked = await workSome(services, corpId)
      }
      const client = await platform.forCorp(corpId)
      if (client === undefined) continue
      for (let taken = callsAtOnce; taken === callsAtOnce && !rounds.isStopped(); ) {
        await pressure.calm()
        const calls = await takeCalls(db, corpId, { limit: callsAtOnce, at: new Date(), leaseMs })
        await makeCalls(services, client, calls, 'normal')
        taken = calls.length
      }
    }
  }
  const rounds = createRounds({ everyMs: lookMs, pass, what: 'tags', log })
  return rounds
}

/** Whose person, relation or tags changed is worked out again; what a channel put on becomes a fact of its source. */
async function react(events: readonly StoredEvent[], tx: Tx): Promise<void> {
  for (const [corpId, list] of Map.groupBy(events, (event) => event.corpId)) {
    const touched = list.flatMap((event) => {
      if (event.kind === 'relation.added' || event.kind === 'relation.found') return [event.customerId]
      if (event.kind === 'person.merged' || event.kind === 'person.parted')
        return [event.customerId, ...numbersIn(event)]
      return []
    })
    await queuePersons(tx, corpId, touched, new Date())
    await noteChannelTags(tx, corpId, list)
  }
}

/** Tags that came with the channel through which somebody added a member. */
async function noteChannelTags(tx: Tx, corpId: number, events: readonly StoredEvent[]): Promise<void> {
  const tagged = events.flatMap((event) => {
    const { channelId, tagIds } = event.payload
    if (event.kind !== 'customer.tagged' || typeof channelId !== 'string' || !Array.isArray(tagIds)) return []
    return tagIds.flatMap((platformId) => (typeof platformId === 'string' ? [{ event, channelId, platformId }] : []))
  })
  if (tagged.length === 0) return
  const known = await tagIdsOf(
    tx,
    corpId,
    tagged.map((one) => one.platformId),
  )
  await recordFacts(
    tx,
    corpId,
    tagged.flatMap(({ event, channelId, platformId }) => {
      const tagId = known.get(platformId)
      if (tagId === undefined) return []
      return [
        {
          ...{
            customerId: event.customerId,
            tagId,
            source: 'event' as const,
            reference: `channel:${channelId}`,
            says: true,
          },
          ...{ at: event.occurredAt, evidence: { channelId, userid: event.staffUserid } },
        },
      ]
    }),
    new Date(),
  )
}

function numbersIn(event: StoredEvent): readonly number[] {
  const { homes, root } = event.payload
  return [...(Array.isArray(homes) ? homes : []), root].filter((one): one is number => typeof one === 'number')
}
