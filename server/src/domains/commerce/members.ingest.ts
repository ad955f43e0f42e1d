import { memberInput } from '@nuanyu/client/shapes'
import type { z } from 'zod'
import type { Tx } from '../../infra/db/database.ts'
import type { Vault } from '../../infra/secrets/vault.ts'
import type { Services } from '../../infra/services.ts'
import { correctWords } from '../customers/index.ts'
import { storesAmong } from './corp-names.store.ts'
import { type Fault, faults } from './faults.ts'
import { lockMembers, type Member, writeMembers } from './members.store.ts'
import { untilNotOvertaken } from './overtaken.ts'
import { knownKinds, placesOfFacts, wordOf } from './people.resolve.ts'
import { identitiesOf, identityFault } from './people.ts'
import { type Outcome, type ReadRow, readRows, type Teller } from './rows.ts'
import { keyOf, latestOf, news, outcomeOf } from './versions.ts'

type Needs = Pick<Services, 'db' | 'clock' | 'vault'>

const aheadMs = 86_400_000

/** Takes members as another system tells them; a member number is one of a person's identities. */
export async function takeMembers(
  { db, clock, vault }: Needs,
  { corpId }: Teller,
  given: readonly unknown[],
): Promise<ReadonlyMap<number, Outcome>> {
  const now = clock.now()
  const { rows, outcomes } = readRows(memberInput, given)
  const read = rows.map(({ at, row }): ReadRow<Member> => ({ at, row: readMember(row, vault) }))
  const stores = await storesAmong(db, corpId, [...new Set(read.flatMap(({ row }) => row.store ?? []))])
  const isKnown = await knownKinds(db, corpId, read)
  const sound = read.filter(({ at, row }) => {
    const fault = identityFault(row.identities, isKnown) ?? memberFault(row, stores, now)
    if (fault !== undefined) outcomes.set(at, { kind: 'rejected', fault })
    return fault === undefined
  })
  if (sound.length === 0) return outcomes
  const written = await untilNotOvertaken(() =>
    db.transaction().execute((tx) => write(tx, { corpId, vault, now }, sound)),
  )
  return new Map([...outcomes, ...written])
}

async function write(
  tx: Tx,
  context: { readonly corpId: number; readonly vault: Pick<Vault, 'blindIndex'>; readonly now: Date },
  rows: readonly ReadRow<Member>[],
): Promise<ReadonlyMap<number, Outcome>> {
  const members = rows.map(({ row }) => row)
  const latest = latestOf(members)
  const known = await lockMembers(tx, context.corpId, [...latest.values()])
  const fresh = new Set(news(members, known))
  const outcomes = new Map(rows.map(({ at, row }) => [at, outcomeOf(row, fresh, known, latest)]))
  // an older version is evidence of who is who all the same
  const telling = rows.flatMap(({ at, row }) => {
    const outcome = outcomes.get(at)
    return outcome?.kind === 'unchanged' && outcome.why === 'same' ? [] : [row]
  })
  const places = await placesOfFacts(
    tx,
    context,
    telling.map((member) => ({
      identities: member.identities,
      told: 'member',
      reference: `${member.source}:${member.number}`,
      word: fresh.has(member) ? wordOf('member', member) : null,
      at: member.joinedAt ?? member.versionAt,
    })),
  )
  const placed = telling.flatMap((member, at) => {
    const place = places[at]
    if (place === undefined || !fresh.has(member)) return []
    return [{ home: place.home, member: place.forgotten ? withoutPerson(member) : member }]
  })
  await correctWords(
    tx,
    context.corpId,
    placed.flatMap(({ home, member }) => {
      const before = known.get(keyOf(member))
      if (before === undefined) return []
      return [{ word: wordOf('member', member), home, before: before.home, identities: member.identities }]
    }),
  )
  await writeMembers(tx, context.corpId, placed, known, context.now)
  return outcomes
}

/** What may be kept of a membership that somebody had before he was erased. */
function withoutPerson(member: Member): Member {
  return { ...member, nameSealed: null, phoneSealed: null, attributes: {} }
}

function readMember(given: z.output<typeof memberInput>, vault: Pick<Vault, 'blindIndex' | 'seal'>): Member {
  const others = identitiesOf(given.customer, vault).filter(({ kind }) => kind !== 'member_no')
  const { name, customer } = given
  const said = {
    identities: [{ kind: 'member_no', value: given.number }, ...others],
    level: given.level ?? '',
    points: given.points ?? 0,
    joinedAt: given.joined_at ? new Date(given.joined_at) : null,
    endedAt: given.ended_at ? new Date(given.ended_at) : null,
    store: given.store || null,
    attributes: given.attributes ?? {},
  }
  const phone = customer?.phone ?? customer?.phone_typed
  return {
    ...said,
    source: given.source,
    number: given.number,
    versionAt: new Date(given.updated_at),
    // keyed: what stands sealed must not be guessed from its fingerprint
    digest: vault.blindIndex(`member ${JSON.stringify({ ...said, name, phone })}`),
    nameSealed: name ? vault.seal(name) : null,
    phoneSealed: phone ? vault.seal(phone) : null,
  }
}

function memberFault(member: Member, stores: ReadonlySet<string>, now: Date): Fault | undefined {
  if (member.versionAt.getTime() > now.getTime() + aheadMs) return faults.ahead('updated_at')
  if (member.store !== null && !stores.has(member.store)) return faults.unknownStore('store', member.store)
  return undefined
}
