import { zoneOfCorp } from '../../../infra/corp-zone.store.ts'
import type { Tx } from '../../../infra/db/database.ts'
import { appendEvents } from '../../../infra/events/events.store.ts'
import type { DomainEvent } from '../../../infra/events/events.ts'
import type { Services } from '../../../infra/services.ts'
import { localTime } from '../../../infra/zone.ts'
import { noteChanges } from '../kept/changes.store.ts'
import { heldMarks } from '../kept/marks.store.ts'
import { type Touched, takeTouched } from '../kept/touched.store.ts'
import { personFacts, rowsAsked } from '../kept/value-facts.store.ts'
import { inMemory, type Reason } from '../rules/check.ts'
import { markOf, type PersonFacts } from '../rules/facts.ts'
import { namesFor } from '../rules/names.store.ts'
import { leafReasons } from '../rules/why.ts'
import type { Names } from '../rules/words.ts'
import type { Audience } from './audience.ts'
import { countPersons, customersOf } from './member.store.ts'
import { lockMembership } from './run.store.ts'
import { audiencesOf, growAudiences } from './saved.store.ts'

const batch = 1_000

/** Looks at the persons whose answer may have turned, and tells who joined and left. Answers how many were looked at. */
export async function keepLive({ db, clock }: Pick<Services, 'db' | 'clock'>): Promise<number> {
  return db.transaction().execute(async (tx) => {
    const touched = await takeTouched(tx, batch)
    for (const [corpId, list] of Map.groupBy(touched, (one) => one.corpId)) {
      await lockMembership(tx, corpId)
      const named = new Set(list.flatMap((one) => one.audiences))
      const live = (await audiencesOf(tx, corpId)).filter(
        ({ id, kind, computedAt }) => kind === 'live' && computedAt !== null && named.has(id),
      )
      if (live.length > 0) await look(tx, corpId, live, list, clock.now())
    }
    return touched.length
  })
}

interface Move {
  readonly audience: Audience
  readonly customerId: number
  readonly holds: boolean
  readonly reason: Reason | undefined
}

/** Reads once what the rules ask of these persons, and checks each rule for those whom it was touched for. */
async function look(
  tx: Tx,
  corpId: number,
  live: readonly Audience[],
  list: readonly Touched[],
  at: Date,
): Promise<void> {
  const { dayNumber: today } = localTime(at, await zoneOfCorp(tx, corpId))
  const numbers = list.map(({ no }) => no)
  const customers = await customersOf(tx, corpId, numbers)
  const facts = await factsOf(tx, corpId, live, list, customers)
  const keys = live.map(({ id }) => markOf.audience(id))
  const held = await heldMarks(tx, corpId, keys, numbers)
  const byId = new Map(live.map((audience) => [audience.id, audience]))
  const moves = list.flatMap(({ no, audiences }) => {
    const customerId = customers.get(no)
    if (customerId === undefined) return []
    const person = facts.get(customerId)
    return audiences.flatMap((id): Move[] => {
      const audience = byId.get(id)
      if (!audience) return []
      const reason = person && inMemory(audience.rule, person, today)
      const holds = reason?.holds === true
      return holds === (held.get(no)?.has(markOf.audience(id)) === true)
        ? []
        : [{ audience, customerId, holds, reason }]
    })
  })
  if (moves.length === 0) return
  await noteChanges(
    tx,
    corpId,
    moves.map(({ audience, customerId, holds }) => ({
      ...{ customerId, kind: 'mark', key: markOf.audience(audience.id), present: holds },
    })),
  )
  const names = await namesFor(
    tx,
    corpId,
    live.map(({ rule }) => rule),
  )
  await appendEvents(
    tx,
    moves.flatMap((move) => eventOf(move, names, at)),
    at,
  )
  const grown = new Map<string, number>()
  for (const { audience, holds } of moves) grown.set(audience.id, (grown.get(audience.id) ?? 0) + (holds ? 1 : -1))
  await growAudiences(tx, grown, await countPersons(tx, corpId))
}

/** Orders, their lines and relations are only read of those for whom a rule that asks for them may have turned. */
async function factsOf(
  tx: Tx,
  corpId: number,
  live: readonly Audience[],
  list: readonly Touched[],
  customers: ReadonlyMap<number, number>,
): Promise<ReadonlyMap<number, PersonFacts>> {
  const rules = new Map(live.map(({ id, rule }) => [id, { rule, rows: rowsAsked(rule) }]))
  const asked = ({ audiences }: Touched) =>
    [...new Set(audiences.flatMap((id) => rules.get(id)?.rows ?? []))].sort().join(' ')
  const found = new Map<number, PersonFacts>()
  for (const some of Map.groupBy(list, asked).values()) {
    const own = [...new Set(some.flatMap(({ audiences }) => audiences))].flatMap((id) => rules.get(id)?.rule ?? [])
    const ids = some.flatMap(({ no }) => customers.get(no) ?? [])
    for (const [id, facts] of await personFacts(tx, corpId, own, ids)) found.set(id, facts)
  }
  return found
}

/** Who is no person any more was merged or erased, which is told by what did it. */
function eventOf({ audience, customerId, holds, reason }: Move, names: Names, at: Date): readonly DomainEvent[] {
  if (!reason) return []
  const { id, corpId, name, version } = audience
  const because = leafReasons(reason, names).filter((one) => one.holds === holds)
  return [
    {
      ...{ kind: holds ? 'audience.joined' : 'audience.left', corpId, customerId, staffUserid: undefined },
      ...{ occurredAt: at, cause: `audience:${id}` },
      payload: {
        ...{ audienceId: id, name, version, reason: 'fact' },
        because: because.slice(0, 5).map((one) => one.zh),
      },
    },
  ]
}
