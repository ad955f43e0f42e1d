import { sql } from 'kysely'
import type { Tx } from '../../../infra/db/database.ts'
import type { Vault } from '../../../infra/secrets/vault.ts'
import { feedHomes } from '../../audiences/index.ts'
import { erasedIds } from '../erased/erased-people.store.ts'
import { kindsOf, lockEvidence } from '../persons/person-component.store.ts'
import { settlePersons } from '../persons/person-settle.store.ts'
import type { Link } from '../persons/persons.ts'
import { type Hint, hintKey, missingHints, noteHints, proposeByStrong } from './identity-hints.store.ts'
import { byKindAndValue, hintKind, type IdentityKinds, isKnownKind, isStrong, kindRank } from './identity-kinds.ts'
import { insertLinks, missingLinks } from './identity-links.store.ts'

export interface NamedIdentity {
  /** external_userid, unionid, openid:<appid>, member_no, phone (blind index, hex), phone_typed, email, or a declared kind. */
  readonly kind: string
  readonly value: string
}

/** Something that happened or is known, and whom it names. */
export interface IdentityFact {
  /** At least one, at most eight. */
  readonly identities: readonly NamedIdentity[]
  /** What told it: order, event, import, oa, mini_program, wecom. */
  readonly source: string
  /**
   * Whose word it is where it proves nothing, to be taken back by `correctWords`; the source, unless told. Null: a word that
   * was corrected since, which counts only for what it proves.
   */
  readonly word?: string | null
  /** Its number there. Never personal data. */
  readonly reference: string
  readonly at: Date
}

interface Context {
  readonly corpId: number
  readonly vault: Pick<Vault, 'blindIndex'>
  readonly learntAt: Date
}

/** Where a fact belongs. */
export interface PlaceOfFact {
  readonly home: number
  /** It tells of the time before somebody was erased: nothing that it says of him beside the bare fact may be kept. */
  readonly forgotten: boolean
}

/**
 * The home of each fact, in their order. Identities that nobody knew get a home at once; those that one fact names
 * together become evidence, and the persons it touches are worked out, and audiences told of them, before this answers.
 * Some statements a batch, whatever its size; a batch of up to 1,000 is best.
 *
 * What happened before somebody was erased leads to what is left of him, which has no name: books stay right, and he
 * stays forgotten. What he does afterwards is somebody new.
 */
export async function resolveIdentities(
  tx: Tx,
  { corpId, vault, learntAt }: Context,
  facts: readonly IdentityFact[],
): Promise<readonly PlaceOfFact[]> {
  if (facts.length === 0) return []
  const values = new Set(facts.flatMap(({ identities }) => identities.map(({ value }) => value)))
  const erased = await erasedIds(tx, vault, corpId, [...values])
  if (erased.size === 0) {
    const homes = await homesOfFacts(tx, corpId, facts, learntAt)
    return homes.map((home) => ({ home, forgotten: false }))
  }
  const goneBy = (at: Date) => (value: string) => {
    const gone = erased.get(value)
    return gone !== undefined && at <= gone.erasedAt ? gone.pseudonym : undefined
  }
  const standing = facts.map((fact) => ({ ...fact, identities: withoutGone(fact.identities, goneBy(fact.at)) }))
  const homes = await homesOfFacts(tx, corpId, standing, learntAt)
  return facts.map(({ identities, at }, place) => {
    const home = homes[place]
    if (home === undefined) throw new Error('a fact has no home')
    return { home, forgotten: identities.some(({ value }) => goneBy(at)(value) !== undefined) }
  })
}

function withoutGone(
  identities: readonly NamedIdentity[],
  pseudonymOf: (value: string) => string | undefined,
): readonly NamedIdentity[] {
  return identities.map(({ kind, value }) => ({ kind, value: pseudonymOf(value) ?? value }))
}

async function homesOfFacts(
  tx: Tx,
  corpId: number,
  facts: readonly IdentityFact[],
  learntAt: Date,
): Promise<readonly number[]> {
  const kinds = await kindsOf(tx, corpId)
  const read = facts.map((fact) => readFact(fact, kinds))
  const wanted = new Map(read.flatMap(({ holders }) => holders.map((one) => [keyOf(one), one])))
  let homes = await knownHomes(tx, corpId, [...wanted.values()])
  const isKnown = (given: ReadonlyMap<string, number>) => [...wanted.keys()].every((key) => given.has(key))
  if (isKnown(homes)) {
    const links = await missingLinks(tx, linksOf(read, homes))
    const hints = await missingHints(tx, corpId, hintsOf(read, homes))
    if (links.length === 0 && hints.length === 0) return homesOf(read, homes)
  }
  await lockEvidence(tx, corpId)
  const unknown = [...wanted.entries()].filter(([key]) => !homes.has(key)).map(([, one]) => one)
  const made = await makeHomes(tx, corpId, unknown, learntAt)
  const fresh = new Set(made.values())
  homes = new Map([...homes, ...made])
  // somebody else made some of them between our look and our lock
  const late = unknown.filter((one) => !homes.has(keyOf(one)))
  if (late.length > 0) homes = new Map([...homes, ...(await knownHomes(tx, corpId, late))])
  const touched = await insertLinks(tx, corpId, linksOf(read, homes))
  await settlePersons(tx, touched, { corpId, kinds, at: learntAt, cause: causeOf(facts), fresh })
  await noteHints(tx, corpId, hintsOf(read, homes))
  await proposeByStrong(tx, corpId, [...fresh])
  await feedHomes(tx, corpId, [...fresh, ...touched])
  return homesOf(read, homes)
}

interface ReadFact extends IdentityFact {
  /** Whose home the fact may take: its strong identities, or the first weak one when there is nothing better. */
  readonly holders: readonly NamedIdentity[]
  readonly weak: readonly NamedIdentity[]
}

function readFact(fact: IdentityFact, kinds: IdentityKinds): ReadFact {
  for (const { kind, value } of fact.identities) {
    if (!isKnownKind(kinds, kind)) throw new Error(`identities of the kind ${kind} are not declared`)
    if (value === '') throw new Error(`an identity of the kind ${kind} is empty`)
  }
  const [only] = fact.identities
  if (only !== undefined && fact.identities.length === 1)
    return { ...fact, holders: fact.identities, weak: isStrong(kinds, only.kind) ? [] : fact.identities }
  const sorted = [...new Map(fact.identities.map((one) => [keyOf(one), one])).values()].sort(
    (a, b) => kindRank(kinds, a.kind) - kindRank(kinds, b.kind) || (keyOf(a) < keyOf(b) ? -1 : 1),
  )
  const strong = sorted.filter(({ kind }) => isStrong(kinds, kind))
  const weak = sorted.filter(({ kind }) => !isStrong(kinds, kind))
  const holders = strong.length > 0 ? strong : weak.slice(0, 1)
  if (holders.length === 0) throw new Error(`a fact of ${fact.source} names nobody`)
  return { ...fact, holders, weak }
}

function keyOf({ kind, value }: NamedIdentity): string {
  return `${kind} ${value}`
}

function homesOf(read: readonly ReadFact[], homes: ReadonlyMap<string, number>): readonly number[] {
  return read.map(({ holders: [first] }) => homeOf(first, homes))
}

function homeOf(identity: NamedIdentity | undefined, homes: ReadonlyMap<string, number>): number {
  const home = identity === undefined ? undefined : homes.get(keyOf(identity))
  if (home === undefined) throw new Error(`no home for an identity of the kind ${identity?.kind}`)
  return home
}

/** One link a pair; of the same pair and source the earliest evidence. */
function linksOf(read: readonly ReadFact[], homes: ReadonlyMap<string, number>): readonly Link[] {
  const links = new Map<string, Link>()
  for (const { holders, source, reference, at } of read) {
    const own = [...new Set(holders.map((one) => homeOf(one, homes)))].sort((a, b) => a - b)
    for (const [place, low] of own.entries()) {
      for (const high of own.slice(place + 1)) {
        const key = `${low} ${high} ${source}`
        const known = links.get(key)
        if (
          known === undefined ||
          at < known.at ||
          (at.getTime() === known.at.getTime() && reference < known.reference)
        )
          links.set(key, { low, high, source, reference, at })
      }
    }
  }
  return [...links.values()]
}

function hintsOf(read: readonly ReadFact[], homes: ReadonlyMap<string, number>): readonly Hint[] {
  const hints = new Map<string, Hint>()
  for (const { holders, weak, source, word = source, at } of read) {
    for (const { kind, value } of word === null ? [] : weak) {
      const hint = { kind: hintKind(kind), value, home: homeOf(holders[0], homes), source: word ?? source, at }
      hints.set(hintKey(hint), hint)
    }
  }
  return [...hints.values()]
}

function causeOf(facts: readonly IdentityFact[]): string {
  const [first] = facts
  return first === undefined ? 'facts' : `${first.source}:${first.reference}`.slice(0, 200)
}

async function knownHomes(
  tx: Tx,
  corpId: number,
  wanted: readonly NamedIdentity[],
): Promise<ReadonlyMap<string, number>> {
  const { rows } = await sql<{ kind: string; value: string; home: number }>`
    select kind, value, customer_id as home from identities
    where value = any(${[...new Set(wanted.map(({ value }) => value))]}::text[]) and corp_id = ${corpId}`.execute(tx)
  return new Map(rows.map((row) => [keyOf(row), row.home]))
}

/** In the order that `lockEvidence` tells of, so that two batches with the same newcomers wait for each other. */
async function makeHomes(
  tx: Tx,
  corpId: number,
  unknown: readonly NamedIdentity[],
  at: Date,
): Promise<ReadonlyMap<string, number>> {
  if (unknown.length === 0) return new Map()
  const sorted = [...unknown].sort(byKindAndValue)
  const { rows } = await sql<{ kind: string; value: string; home: number }>`
    with wanted as materialized (
      select kind, value, nextval('customers_id_seq') as home, place
      from unnest(${sorted.map(({ kind }) => kind)}::text[], ${sorted.map(({ value }) => value)}::text[])
        with ordinality as w(kind, value, place)
    ), taken as (
      insert into identities (corp_id, kind, value, customer_id, seen_at)
      select ${corpId}, kind, value, home, ${at} from wanted order by place
      on conflict do nothing returning kind, value, customer_id
    ), made as (
      insert into customers (id, corp_id, created_at) select customer_id, ${corpId}, ${at} from taken
    )
    select kind, value, customer_id as home from taken`.execute(tx)
  return new Map(rows.map((row) => [keyOf(row), row.home]))
}
