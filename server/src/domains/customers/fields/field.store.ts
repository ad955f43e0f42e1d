import { sql } from 'kysely'
import { v7 as uuid } from 'uuid'
import type { Executor, Tx } from '../../../infra/db/database.ts'
import type { Field } from './field.ts'

/** Every field of a corp in its order; the archived ones last. */
export async function fieldsOf(on: Executor, corpId: number): Promise<readonly Field[]> {
  const { rows } = await sql<Field>`
    select id, name, kind, personal, choices, bounds, archived_at as "archivedAt" from custom_fields
    where corp_id = ${corpId} order by archived_at is not null, position, id`.execute(on)
  return rows
}

export async function findField(on: Executor, corpId: number, id: string): Promise<Field | undefined> {
  return (await fieldsOf(on, corpId)).find((field) => field.id === id)
}

export async function nameTaken(on: Executor, corpId: number, name: string, except?: string): Promise<boolean> {
  const { rows } = await sql`select from custom_fields where corp_id = ${corpId} and lower(name) = lower(${name})
    and archived_at is null and id is distinct from ${except ?? null}::uuid`.execute(on)
  return rows.length > 0
}

export async function addField(
  tx: Tx,
  corpId: number,
  field: Omit<Field, 'id' | 'archivedAt'>,
  by: { readonly account: string | null; readonly at: Date },
): Promise<string> {
  const id = uuid()
  await sql`insert into custom_fields (id, corp_id, name, kind, personal, choices, bounds, position, created_at, created_by)
    select ${id}::uuid, ${corpId}, ${field.name}, ${field.kind}, ${field.personal}, ${JSON.stringify(field.choices)}::jsonb,
      ${JSON.stringify(field.bounds)}::jsonb, coalesce(max(position), 0) + 1, ${by.at}, ${by.account}::uuid
    from custom_fields where corp_id = ${corpId}`.execute(tx)
  return id
}

export async function changeField(
  on: Executor,
  corpId: number,
  id: string,
  { name, choices, bounds }: Pick<Field, 'name' | 'choices' | 'bounds'>,
): Promise<void> {
  await sql`update custom_fields set name = ${name}, choices = ${JSON.stringify(choices)}::jsonb,
    bounds = ${JSON.stringify(bounds)}::jsonb where corp_id = ${corpId} and id = ${id}::uuid`.execute(on)
}

/** null: back into use. */
export async function archiveField(on: Executor, corpId: number, id: string, at: Date | null): Promise<void> {
  await sql`update custom_fields set archived_at = ${at} where corp_id = ${corpId} and id = ${id}::uuid`.execute(on)
}

/** The fields named stand first, in this order; the others keep theirs behind them. */
export async function orderFields(on: Executor, corpId: number, ids: readonly string[]): Promise<void> {
  await sql`with given as (select id, at from unnest(${[...ids]}::uuid[]) with ordinality as given(id, at)),
    placed as (
      select f.id, row_number() over (order by given.at nulls last, f.position, f.id)::int as place
      from custom_fields f left join given on given.id = f.id where f.corp_id = ${corpId}
    )
    update custom_fields f set position = placed.place from placed where f.id = placed.id and f.corp_id = ${corpId}`.execute(
    on,
  )
}
