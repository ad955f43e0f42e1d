import type { Client } from '@nuanyu/wecom'
import { createRounds, type Rounds } from '../../infra/rounds.ts'
import type { Services } from '../../infra/services.ts'
import { passes } from '../customers/index.ts'
import type { Callback } from '../intake/index.ts'
import { applyGroupFacts, dismissGroups } from './group-facts.store.ts'
import { groupFactOf } from './group-facts.ts'
import { type GroupAnswer, readGroup } from './group-read.ts'
import { applyReadings } from './group-reading.store.ts'
import { youngMs } from './group-reading.ts'
import { groupBaseline } from './group-sync.store.ts'
import { corpsThatWant, type Settled, settleWanted, takeWanted, type WantedGroup } from './wanted.store.ts'

type Needs = Pick<Services, 'db' | 'vault' | 'clock' | 'log' | 'platform'>

/** How often to look, in machine time. */
const lookMs = 1_000
const atOnce = 12
/** Business time: whoever died with groups in hand leaves them after so long. */
const leaseMs = 60_000
/** Beyond the platform's own delay, as callback and clock count in seconds. */
const marginMs = 1_000
const mostAttempts = 8

/** How long after a change the platform shows it. */
export async function groupLagMs({ platform }: Pick<Services, 'platform'>, corpId: number): Promise<number> {
  return (await platform.limits(corpId)).value('group.info_delay_s') * 1000 + marginMs
}

/** Callbacks of groups: who came and went is noted at once, the group is read when the platform shows it. */
export async function handleGroupCallbacks(
  services: Pick<Services, 'db' | 'vault' | 'clock' | 'platform'>,
  callbacks: readonly Callback[],
): Promise<void> {
  const facts = callbacks.flatMap(({ corpId, event, id }) => {
    const fact = groupFactOf(corpId, event, `callback:${id}`)
    return fact === undefined ? [] : [fact]
  })
  for (const [corpId, list] of Map.groupBy(facts, (fact) => fact.corpId)) {
    const at = services.clock.now()
    const wantedAt = new Date(at.getTime() + (await groupLagMs(services, corpId)))
    await services.db
      .transaction()
      .execute((tx) => applyGroupFacts(tx, { corpId, vault: services.vault }, list, wantedAt, at))
  }
}

/** Reads groups of which callbacks told, each once for a burst of them. Any number of processes may run it. */
export function createGroupUpkeep(services: Needs & Pick<Services, 'pressure'>): Rounds {
  const { db, clock, log, platform, pressure } = services

  const pass = async (): Promise<void> => {
    for (const corpId of await corpsThatWant(db, clock.now())) {
      const client = await platform.forCorp(corpId)
      if (client === undefined) continue
      for (let taken = atOnce; taken === atOnce && !rounds.isStopped(); ) {
        await pressure.calm()
        const at = clock.now()
        const wanted = await takeWanted(db, corpId, atOnce, at, new Date(at.getTime() + leaseMs))
        await readWanted(services, client, corpId, wanted)
        taken = wanted.length
      }
    }
  }
  const rounds = createRounds({ everyMs: lookMs, pass, what: 'groups', log })
  return rounds
}

async function readWanted(needs: Needs, client: Client, corpId: number, wanted: readonly WantedGroup[]): Promise<void> {
  if (wanted.length === 0) return
  const { db, clock, log } = needs
  const lagMs = await groupLagMs(needs, corpId)
  const baseline = await groupBaseline(db, corpId)
  const answers: GroupAnswer[] = []
  const settled: Settled[] = []
  await Promise.all(
    wanted.map(async (group) => {
      try {
        answers.push(await readGroup(client, clock, group.chatId))
      } catch (error) {
        if (!passes(error)) log.warn({ err: error, chat: group.chatId }, 'a group could not be read yet')
        settled.push(putOff(group, error instanceof Error ? error.message : String(error), clock.now(), passes(error)))
      }
    }),
  )
  const of = new Map(wanted.map((group) => [group.chatId, group]))
  const ends: { chatId: string; at: Date; cause: string }[] = []
  for (const answer of answers) {
    const group = of.get(answer.chatId)
    if (group === undefined || answer.kind === 'read') continue
    // right after its creation the platform may not know a group yet
    const young = group.changedAt !== null && clock.now().getTime() - group.changedAt.getTime() < youngMs
    if (answer.kind === 'gone' && !young) ends.push({ chatId: group.chatId, at: clock.now(), cause: 'reading' })
    else settled.push(putOff(group, `errcode ${answer.errcode}`, clock.now(), false))
  }
  await db.transaction().execute(async (tx) => {
    const at = clock.now()
    const readings = answers.flatMap((answer) => (answer.kind === 'read' ? [answer.reading] : []))
    const { again } = await applyReadings(tx, readings, {
      corpId,
      vault: needs.vault,
      at,
      cause: 'reading',
      lagMs,
      baseline,
    })
    for (const { chatId } of readings) {
      const group = of.get(chatId)
      if (group === undefined) continue
      settled.push({ chatId, revision: group.revision, againAt: again.get(chatId) })
    }
    await dismissGroups(tx, corpId, ends, at)
    await settleWanted(tx, corpId, settled, lagMs)
  })
}

/** Later again; after too many refusals it is left to the reconcile. */
function putOff(group: WantedGroup, reason: string, at: Date, passing: boolean): Settled {
  const givenUp = !passing && group.attempts + 1 >= mostAttempts
  const againAt = new Date(at.getTime() + Math.min(2_000 * 2 ** group.attempts, 10 * 60_000))
  return {
    chatId: group.chatId,
    revision: group.revision,
    againAt: givenUp ? undefined : againAt,
    reason: reason.slice(0, 300),
  }
}
