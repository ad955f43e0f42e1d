import type { Tx } from '../../infra/db/database.ts'
import { appendEvents } from '../../infra/events/events.store.ts'
import type { DomainEvent } from '../../infra/events/events.ts'
import type { Services } from '../../infra/services.ts'
import { localTime } from '../../infra/zone.ts'
import type { Audience } from './audience.ts'
import { zoneOfCorp } from './audiences.store.ts'
import { noteChanges } from './changes.store.ts'
import { inMemory } from './check.ts'
import { markOf } from './facts.ts'
import { countPersons, customersOf, heldMarks } from './member.store.ts'
import { namesFor } from './names.store.ts'
import { lockMembership } from './run.store.ts'
import { audiencesOf, growAudience } from './saved.store.ts'
import { type Touched, takeTouched } from './touched.store.ts'
import { personFacts } from './value-facts.store.ts'
import { leafReasons } from './why.ts'

const batch = 1_000

/** Looks at the persons whose answer may have turned, and tells who joined and left. Answers how many were looked at. */
export async function keepLive({ db, clock }: Pick<Services, 'db' | 'clock'>): Promise<number> {
  return db.transaction().execute(async (tx) => {
    const touched = await takeTouched(tx, batch)
    for (const [corpId, list] of Map.groupBy(touched, (one) => one.corpId)) {
      await lockMembership(tx, corpId)
      const { dayNumber: today } = localTime(clock.now(), await zoneOfCorp(tx, corpId))
      const customers = await customersOf(
        tx,
        corpId,
        list.map((one) => one.no),
      )
      const live = (await audiencesOf(tx, corpId)).filter((one) => one.kind === 'live' && one.computedAt !== null)
      for (const audience of live) {
        const own = list.filter((one) => one.audiences.includes(audience.id))
        if (own.length > 0) await look(tx, audience, own, { customers, today, at: clock.now() })
      }
    }
    return touched.length
  })
}

async function look(
  tx: Tx,
  audience: Audience,
  list: readonly Touched[],
  {
    customers,
    today,
    at,
  }: { readonly customers: ReadonlyMap<number, number>; readonly today: number; readonly at: Date },
): Promise<void> {
  const { corpId, id, rule, version } = audience
  const key = markOf.audience(id)
  const ids = list.flatMap(({ no }) => customers.get(no) ?? [])
  const facts = await personFacts(tx, corpId, [rule], ids)
  const held = await heldMarks(
    tx,
    corpId,
    [key],
    list.map(({ no }) => no),
  )
  const moves = list.flatMap(({ no }) => {
    const customerId = customers.get(no)
    if (customerId === undefined) return []
    const person = facts.get(customerId)
    const reason = person && inMemory(rule, person, today)
    const holds = reason?.holds === true
    return holds === (held.get(no)?.has(key) === true) ? [] : [{ customerId, holds, reason }]
  })
  if (moves.length === 0) return
  await noteChanges(
    tx,
    corpId,
    moves.map(({ customerId, holds }) => ({ customerId, kind: 'mark', key, present: holds })),
  )
  const names = await namesFor(tx, corpId, [rule])
  const events = moves.flatMap(({ customerId, holds, reason }): DomainEvent[] => {
    // who is no person any more was merged or erased, which is told by what did it
    if (!reason) return []
    return [
      {
        ...{ kind: holds ? 'audience.joined' : 'audience.left', corpId, customerId, staffUserid: undefined },
        ...{ occurredAt: at, cause: `audience:${id}` },
        payload: {
          ...{ audienceId: id, name: audience.name, version, reason: 'fact' },
          because: leafReasons(reason, names)
            .filter((one) => one.holds === holds)
            .slice(0, 5)
            .map((one) => one.zh),
        },
      },
    ]
  })
  await appendEvents(tx, events, at)
  const grown = moves.reduce((sum, { holds }) => sum + (holds ? 1 : -1), 0)
  await growAudience(tx, id, grown, await countPersons(tx, corpId))
}
