import { sql } from 'kysely'
import type { Tx } from '../../../infra/db/database.ts'
import { insertLinks } from '../identities/identity-links.store.ts'
import { componentOf, kindsOf, lockEvidence } from './person-component.store.ts'
import { homesOf } from './person-homes.store.ts'
import { settlePersons } from './person-settle.store.ts'
import { personsOf } from './persons.ts'

export interface Decision {
  readonly reason: string
  /** The account that decided. */
  readonly by: string
  readonly at: Date
}

/** Keeps two parts apart for good, whatever evidence says: each is then exactly what it was before they joined. */
export async function keepApart(
  tx: Tx,
  corpId: number,
  part: readonly number[],
  others: readonly number[],
  { reason, by, at }: Decision,
): Promise<void> {
  await lockEvidence(tx, corpId)
  const pairs = part.flatMap((home) => others.map((other): [number, number] => [home, other]))
  const both = [...pairs, ...pairs.map(([home, other]): [number, number] => [other, home])]
  await sql`
    insert into identity_blocks (customer_id, other_id, corp_id, reason, decided_by, at)
    select home, other, ${corpId}, ${reason}, ${by}::uuid, ${at} from unnest(
      ${both.map(([home]) => home)}::bigint[], ${both.map(([, other]) => other)}::bigint[]) as n(home, other)
    order by home, other on conflict do nothing`.execute(tx)
  await sql`
    update identity_proposals set state = 'refused', decided_by = ${by}::uuid, reason = ${reason}
    where state = 'open' and low_id = any(${[...part, ...others]}::bigint[]) and (low_id, high_id) in (
      select least(home, other), greatest(home, other) from unnest(
        ${pairs.map(([home]) => home)}::bigint[], ${pairs.map(([, other]) => other)}::bigint[]) as n(home, other))`.execute(
    tx,
  )
  await settle(tx, corpId, [...part, ...others], { reason, by, at })
}

export type Joining = { readonly kind: 'joined' | 'already' } | { readonly kind: 'conflict'; readonly of: string }

/** Joins two persons by decision: earlier decisions that they are two no longer hold. Evidence that they cannot be one does. */
export async function joinPersons(tx: Tx, corpId: number, a: number, b: number, decision: Decision): Promise<Joining> {
  await lockEvidence(tx, corpId)
  const preview = await previewJoining(tx, corpId, a, b)
  if (preview.kind !== 'joined') return preview
  const [left, right] = [await homesOf(tx, corpId, a), await homesOf(tx, corpId, b)]
  await sql`
    delete from identity_blocks where (customer_id = any(${[...left]}::bigint[]) and other_id = any(${[...right]}::bigint[]))
      or (customer_id = any(${[...right]}::bigint[]) and other_id = any(${[...left]}::bigint[]))`.execute(tx)
  const link = { low: Math.min(a, b), high: Math.max(a, b), source: 'person', reference: '', at: decision.at }
  await insertLinks(tx, corpId, [link])
  await sql`
    update identity_proposals set state = 'confirmed', decided_by = ${decision.by}::uuid, reason = ${decision.reason}
    where low_id = ${link.low} and high_id = ${link.high} and state = 'open'`.execute(tx)
  await settle(tx, corpId, [a, b], decision)
  return preview
}

/** What joining them would come to. Changes nothing. */
export async function previewJoining(tx: Tx, corpId: number, a: number, b: number): Promise<Joining> {
  const { identities, links, blocks, roots } = await componentOf(tx, corpId, [a, b])
  if (roots.get(a) === roots.get(b)) return { kind: 'already' }
  const between = new Map([...roots].map(([home, root]) => [home, root]))
  const still = blocks.filter(({ low, high }) => {
    const ends = new Set([between.get(low), between.get(high)])
    return !(ends.has(roots.get(a)) && ends.has(roots.get(b)))
  })
  const link = { low: Math.min(a, b), high: Math.max(a, b), source: 'person', reference: '', at: new Date(0) }
  const { groups, conflicts } = personsOf(identities, [...links, link], still, await kindsOf(tx, corpId))
  const group = groups.find(({ homes }) => homes.includes(a))
  const conflict = conflicts.find(({ low, high }) => low === link.low && high === link.high)
  // a decision is followed first: what breaks is then what held each of them together
  const broken = [...roots].find(
    ([home, root]) => (root === roots.get(a) || root === roots.get(b)) && !group?.homes.includes(home),
  )
  if (conflict !== undefined) return { kind: 'conflict', of: conflict.kind }
  if (broken !== undefined) return { kind: 'conflict', of: conflicts[0]?.kind ?? '' }
  return { kind: 'joined' }
}

async function settle(tx: Tx, corpId: number, homes: readonly number[], decision: Decision): Promise<void> {
  await settlePersons(tx, homes, {
    corpId,
    kinds: await kindsOf(tx, corpId),
    at: decision.at,
    cause: `person:${decision.by}`,
    decision,
  })
}
