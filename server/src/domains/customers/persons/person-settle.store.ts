import { sql } from 'kysely'
import type { Tx } from '../../../infra/db/database.ts'
import { appendEvents } from '../../../infra/events/events.store.ts'
import type { DomainEvent } from '../../../infra/events/events.ts'
import { refreshCards } from '../cards/cards.store.ts'
import type { IdentityKinds } from '../identities/identity-kinds.ts'
import { changesOf, type Move, type PersonChanges } from './person-changes.ts'
import { componentOf } from './person-component.store.ts'
import { type Conflict, personsOf } from './persons.ts'

export interface Settling {
  readonly corpId: number
  readonly kinds: IdentityKinds
  readonly at: Date
  /** What caused it, as events have it. */
  readonly cause: string
  /** Homes made with the same facts. */
  readonly fresh?: ReadonlySet<number>
  /** A person's decision, and why. */
  readonly decision?: { readonly reason: string; readonly by: string }
}

/** Works out anew who is one person with these homes, and writes what changed. Under the lock of the evidence. */
export async function settlePersons(tx: Tx, touched: readonly number[], settling: Settling): Promise<PersonChanges> {
  const { corpId, kinds, fresh = new Set<number>() } = settling
  if (touched.length === 0) return { pointers: [], moves: [] }
  const { identities, links, blocks, roots } = await componentOf(tx, corpId, touched)
  const { groups, conflicts } = personsOf(identities, links, blocks, kinds)
  await writeConflicts(tx, corpId, [...roots.keys()], conflicts)
  const changes = changesOf(groups, roots, fresh)
  if (changes.pointers.length === 0) return changes
  await sql`
    update customers c set merged_into = n.root
    from unnest(${changes.pointers.map(({ home }) => home)}::bigint[], ${changes.pointers.map(({ root }) => root)}::bigint[]) as n(id, root)
    where c.id = n.id`.execute(tx)
  await noteMoves(tx, changes.moves, settling)
  await appendEvents(tx, eventsOf(changes.moves, settling), settling.at)
  const stale = [...new Set(changes.moves.flatMap(({ homes, others }) => [...homes, ...others]))]
  await moveCards(tx, stale)
  return changes
}

/** A card stands for a person: it moves to the root with what all his homes know. */
async function moveCards(tx: Tx, homes: readonly number[]): Promise<void> {
  if (homes.length === 0) return
  // those that go and those that are written anew, in the order in which everybody writes cards
  await sql`
    select from customer_cards where customer_id = any(${[...homes]}::bigint[]) order by customer_id for update`.execute(
    tx,
  )
  await sql`
    delete from customer_cards k using customers c
    where k.customer_id = any(${[...homes]}::bigint[]) and c.id = k.customer_id and c.merged_into is not null`.execute(
    tx,
  )
  await refreshCards(tx, homes)
}

async function writeConflicts(
  tx: Tx,
  corpId: number,
  homes: readonly number[],
  conflicts: readonly Conflict[],
): Promise<void> {
  const sorted = [...conflicts].sort((a, b) => a.low - b.low || a.high - b.high)
  await sql`
    delete from identity_conflicts
    where low_id = any(${[...homes]}::bigint[]) and not (low_id, high_id) in (
      select low_id, high_id from unnest(
        ${sorted.map(({ low }) => low)}::bigint[], ${sorted.map(({ high }) => high)}::bigint[]) as n(low_id, high_id))`.execute(
    tx,
  )
  if (sorted.length === 0) return
  await sql`
    insert into identity_conflicts (low_id, high_id, corp_id, kind, source, at)
    select low_id, high_id, ${corpId}, kind, source, at from unnest(
      ${sorted.map(({ low }) => low)}::bigint[], ${sorted.map(({ high }) => high)}::bigint[],
      ${sorted.map(({ kind }) => kind)}::text[], ${sorted.map(({ source }) => source)}::text[],
      ${sorted.map(({ at }) => at.toISOString())}::timestamptz[]) as n(low_id, high_id, kind, source, at)
    on conflict (low_id, high_id) do update set kind = excluded.kind, source = excluded.source, at = excluded.at`.execute(
    tx,
  )
}

async function noteMoves(tx: Tx, moves: readonly Move[], { corpId, at, decision }: Settling): Promise<void> {
  if (moves.length === 0) return
  const parts = moves.filter(({ kind }) => kind === 'parted')
  if (parts.length > 0) {
    // what had joined by the evidence that no longer holds was undone
    await sql`
      update person_merges m set undone_at = ${at}
      from unnest(${parts.map(({ homes }) => `{${homes.join(',')}}`)}::text[], ${parts.map(({ others }) => `{${others.join(',')}}`)}::text[])
        as n(homes, others)
      where m.kind = 'merged' and m.undone_at is null and m.corp_id = ${corpId}
        and m.customer_id = any(n.homes::bigint[] || n.others::bigint[])
        and ((m.low_id = any(n.homes::bigint[]) and m.high_id = any(n.others::bigint[]))
          or (m.high_id = any(n.homes::bigint[]) and m.low_id = any(n.others::bigint[])))`.execute(tx)
  }
  await tx
    .insertInto('person_merges')
    .values(
      moves.map(({ kind, part, homes, root, others, link }) => ({
        customer_id: part,
        corp_id: corpId,
        kind,
        root_id: root,
        homes: [...homes],
        others: [...others],
        low_id: link?.low ?? null,
        high_id: link?.high ?? null,
        source: link?.source ?? null,
        reference: link?.reference ?? null,
        evidence_at: link?.at ?? null,
        reason: decision?.reason ?? null,
        decided_by: decision?.by ?? null,
        at,
      })),
    )
    .execute()
}

function eventsOf(moves: readonly Move[], { corpId, at, cause }: Settling): readonly DomainEvent[] {
  return moves.map(({ kind, part, homes, root, others, link }) => ({
    kind: kind === 'merged' ? 'person.merged' : 'person.parted',
    corpId,
    customerId: root,
    staffUserid: undefined,
    occurredAt: at,
    cause,
    payload: {
      root,
      part,
      homes: [...others, ...homes].sort((a, b) => a - b),
      joined: [...homes],
      source: link?.source ?? null,
    },
  }))
}
