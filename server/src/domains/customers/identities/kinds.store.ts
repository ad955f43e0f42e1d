import { sql } from 'kysely'
import type { Executor, Tx } from '../../../infra/db/database.ts'
import type { DeclaredKind } from './identity-kinds.ts'

export interface NamedKind extends DeclaredKind {
  readonly name: string
  readonly used: boolean
}

/** The kinds that the brand declared, and whether anybody is known, or said to be known, by them. */
export async function declaredKinds(on: Executor, corpId: number): Promise<readonly NamedKind[]> {
  const { rows } = await sql<NamedKind>`
    select k.kind, k.name, k.strong, k.exclusive,
      exists (select from identities i where i.kind = k.kind and i.corp_id = k.corp_id)
        or exists (select from identity_hints h where h.kind = k.kind and h.corp_id = k.corp_id) as used
    from identity_kinds k where k.corp_id = ${corpId} order by k.name, k.kind`.execute(on)
  return rows
}

/** What the brand calls the kinds that are its own; the e-mail stays the house's, whatever the brand says that it proves. */
export async function ownKindNames(on: Executor, corpId: number): Promise<readonly Pick<NamedKind, 'kind' | 'name'>[]> {
  const { rows } = await sql<Pick<NamedKind, 'kind' | 'name'>>`
    select kind, name from identity_kinds where corp_id = ${corpId} and kind <> 'email' order by name, kind`.execute(on)
  return rows
}

/** False: it is declared already. */
export async function addKind(
  on: Executor,
  corpId: number,
  { kind, name, strong, exclusive }: Omit<NamedKind, 'used'>,
): Promise<boolean> {
  const { rows } = await sql`
    insert into identity_kinds (corp_id, kind, name, strong, exclusive)
    values (${corpId}, ${kind}, ${name}, ${strong}, ${exclusive}) on conflict do nothing returning kind`.execute(on)
  return rows.length > 0
}

/** Where a person may have one or several of it, everybody who has one is worked out anew. */
export async function changeKind(
  tx: Tx,
  corpId: number,
  { kind, name, strong, exclusive }: Omit<NamedKind, 'used'>,
  before: NamedKind,
  at: Date,
): Promise<void> {
  await sql`
    update identity_kinds set name = ${name}, strong = ${strong}, exclusive = ${exclusive}
    where corp_id = ${corpId} and kind = ${kind}`.execute(tx)
  if (before.exclusive === exclusive) return
  await sql`
    insert into person_todos (customer_id, corp_id, at)
    select distinct customer_id, corp_id, ${at}::timestamptz from identities where kind = ${kind} and corp_id = ${corpId}
    order by 1 on conflict do nothing`.execute(tx)
}

export async function removeKind(on: Executor, corpId: number, kind: string): Promise<void> {
  await sql`delete from identity_kinds where corp_id = ${corpId} and kind = ${kind}`.execute(on)
}
