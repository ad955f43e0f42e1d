import { hash } from 'node:crypto'
import { eventInput } from '@nuanyu/client/shapes'
import type { z } from 'zod'
import { zoneOfCorp } from '../../infra/corp-zone.store.ts'
import { commitLazily, type Tx } from '../../infra/db/database.ts'
import type { Vault } from '../../infra/secrets/vault.ts'
import type { Services } from '../../infra/services.ts'
import { localTime } from '../../infra/zone.ts'
import { noteChanges } from '../audiences/index.ts'
import { rootsOf } from '../customers/index.ts'
import { type Behaviour, type PlacedBehaviour, writeBehaviours } from './behaviours.store.ts'
import { daysOf } from './behaviours.ts'
import { lockUpkeep } from './corp-names.store.ts'
import { faults } from './faults.ts'
import { createGatherer } from './gather.ts'
import { untilNotOvertaken } from './overtaken.ts'
import { knownKinds, placesOfFacts } from './people.resolve.ts'
import { identitiesOf, identityFault } from './people.ts'
import { type Outcome, type ReadRow, readRows, type Teller } from './rows.ts'

type Needs = Pick<Services, 'db' | 'clock' | 'vault'>

const aheadMs = 86_400_000
/** Rows of several requests that are written in one transaction, and transactions of a corp side by side. */
const together = { atOnce: 2_000, lanes: 2 }

/**
 * Takes what people did. Requests that come at the same time are written together: events come in many small batches, and
 * most of what a batch costs does not grow with its rows. A request is answered when its rows are safe.
 */
export function createBehaviourTaker(services: Needs) {
  const { db, clock, vault } = services
  const gatherer = createGatherer<Behaviour, boolean>(together, async (corpId, behaviours) => {
    const now = clock.now()
    const placed = await untilNotOvertaken(() =>
      db.transaction().execute(async (tx) => {
        // the events commit after it, and with them it is durable
        await commitLazily(tx)
        return placeBehaviours(tx, { corpId, vault, now }, behaviours)
      }),
    )
    return untilNotOvertaken(() => db.transaction().execute((tx) => write(tx, corpId, placed, now)))
  })
  return async ({ corpId }: Teller, given: readonly unknown[]): Promise<ReadonlyMap<number, Outcome>> => {
    const latest = clock.now().getTime() + aheadMs
    const { rows, outcomes } = readRows(eventInput, given)
    const read = rows.map(({ at, row }): ReadRow<Behaviour> => ({ at, row: readBehaviour(row, corpId, vault) }))
    const isKnown = await knownKinds(db, corpId, read)
    const sound = read.filter(({ at, row }) => {
      const fault =
        identityFault(row.identities, isKnown) ?? (row.at.getTime() > latest ? faults.ahead('at') : undefined)
      if (fault !== undefined) outcomes.set(at, { kind: 'rejected', fault })
      return fault === undefined
    })
    if (sound.length === 0) return outcomes
    const fresh = await gatherer.add(
      corpId,
      sound.map(({ row }) => row),
    )
    for (const [place, { at }] of sound.entries())
      outcomes.set(at, fresh[place] ? { kind: 'accepted' } : { kind: 'unchanged', why: 'same' })
    return outcomes
  }
}

/** Finds or makes the persons, in a transaction of their own: their evidence changes one at a time in a corp. */
async function placeBehaviours(
  tx: Tx,
  context: { readonly corpId: number; readonly vault: Pick<Vault, 'blindIndex'>; readonly now: Date },
  behaviours: readonly Behaviour[],
): Promise<readonly PlacedBehaviour[]> {
  const places = await placesOfFacts(
    tx,
    context,
    behaviours.map(({ identities, source, number, at }) => ({
      identities,
      told: 'event',
      reference: `${source}:${number}`,
      at,
    })),
  )
  return places.flatMap(({ home, forgotten }, place) => {
    const behaviour = behaviours[place]
    if (behaviour === undefined) return []
    return [{ ...behaviour, home, properties: forgotten ? null : behaviour.properties }]
  })
}

/** Answers, for each in order, whether it is new. */
async function write(
  tx: Tx,
  corpId: number,
  placed: readonly PlacedBehaviour[],
  now: Date,
): Promise<readonly boolean[]> {
  const fresh = await writeBehaviours(tx, corpId, placed, now)
  const told = placed.filter((_, place) => fresh[place])
  if (told.length === 0) return fresh
  const roots = await rootsOf(
    tx,
    corpId,
    told.map(({ home }) => home),
  )
  const zone = await zoneOfCorp(tx, corpId)
  const done = told.map(({ home, name, at }) => ({
    customerId: roots.get(home) ?? home,
    name,
    day: localTime(at, zone).dayNumber,
  }))
  await lockUpkeep(tx, corpId)
  await noteChanges(
    tx,
    corpId,
    daysOf(done).map(({ customerId, ...behaviour }) => ({ kind: 'behaviour', customerId, behaviour })),
  )
  return fresh
}

const hourMs = 3_600_000

function readBehaviour(
  given: z.output<typeof eventInput>,
  corpId: number,
  vault: Pick<Vault, 'blindIndex'>,
): Behaviour {
  const at = new Date(given.at)
  const key = hash('sha256', `event ${corpId} ${given.source} ${given.number}`, 'buffer').subarray(0, 16)
  // its first bytes are the hour: keys of one time stand together, so that a flood touches few pages of their index
  key.writeUInt32BE(Math.max(0, Math.floor(at.getTime() / hourMs)) % 2 ** 32, 0)
  return {
    key,
    identities: identitiesOf(given.customer, vault),
    source: given.source,
    number: given.number,
    name: given.name,
    at,
    properties: given.properties ? JSON.stringify(given.properties) : null,
  }
}
