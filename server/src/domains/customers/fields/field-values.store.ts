import { randomBytes } from 'node:crypto'
import { sql } from 'kysely'
import type { Executor, Tx } from '../../../infra/db/database.ts'
import { appendEvents } from '../../../infra/events/events.store.ts'
import { createVault, type Vault } from '../../../infra/secrets/vault.ts'
import { noteChanges } from '../../audiences/index.ts'
import { homesOf, homesOfPersons } from '../persons/person-homes.store.ts'
import type { FieldValue } from './field.schema.ts'
import { fieldsOf } from './field.store.ts'
import { type Field, fieldChanges } from './field.ts'

export interface KeptValue {
  readonly fieldId: string
  /** null: taken away. */
  readonly value: FieldValue | null
  readonly updatedAt: Date
  readonly source: string
}

interface ValueRow {
  readonly home: number
  readonly field_id: string
  readonly value: FieldValue | null
  readonly sealed: Buffer | null
  readonly person_key: Buffer | null
  readonly updated_at: Date
  readonly source: string
}

/** The values of a person, whichever of his homes they came under: of each field the latest. */
export async function valuesOf(
  on: Executor,
  corpId: number,
  customerId: number,
  vault: Vault,
): Promise<ReadonlyMap<string, KeptValue>> {
  const rows = await rowsOf(on, await homesOf(on, corpId, customerId))
  return new Map(
    latest(rows).map((row) => [
      row.field_id,
      { fieldId: row.field_id, value: opened(row, vault), updatedAt: row.updated_at, source: row.source },
    ]),
  )
}

async function rowsOf(on: Executor, homes: readonly number[]): Promise<readonly ValueRow[]> {
  const { rows } = await sql<ValueRow>`
    select v.customer_id as home, v.field_id, v.value, v.sealed, c.person_key, v.updated_at, v.source
    from customer_fields v join customers c on c.id = v.customer_id
    where v.customer_id = any(${[...homes]}::bigint[]) and c.id = any(${[...homes]}::bigint[]) order by v.updated_at, v.customer_id`.execute(
    on,
  )
  return rows
}

/** Rows come in the order of their time, so the last of a field is the latest. */
function latest(rows: readonly ValueRow[]): readonly ValueRow[] {
  return [...new Map(rows.map((row) => [row.field_id, row])).values()]
}

function opened(row: ValueRow, vault: Vault): FieldValue | null {
  if (row.sealed === null) return row.value
  // without the key the person was erased: there is nothing to read any more
  if (row.person_key === null) return null
  const text: FieldValue = JSON.parse(createVault(vault.open(row.person_key)).open(row.sealed))
  return text
}

export interface ValueChange {
  readonly field: Field
  readonly value: FieldValue | null
}

/** Writes values of a person at his root, tells audiences and notes an event that names the fields, never the values. */
export async function writeFields(
  tx: Tx,
  corpId: number,
  customerId: number,
  changes: readonly ValueChange[],
  vault: Vault,
  by: { readonly account: string | null; readonly source: string; readonly at: Date },
): Promise<void> {
  if (changes.length === 0) return
  const seal = changes.some(({ field, value }) => field.personal && value !== null)
    ? createVault(await personKey(tx, customerId, vault))
    : undefined
  const rows = changes.map(({ field, value }) => {
    const sealed = field.personal && value !== null ? seal?.seal(JSON.stringify(value)).toString('hex') : undefined
    return {
      ...{ customer_id: customerId, field_id: field.id, corp_id: corpId, source: by.source },
      ...{ value: sealed === undefined ? value : null, sealed: sealed === undefined ? null : `\\x${sealed}` },
      ...{ updated_at: by.at.toISOString(), updated_by: by.account },
    }
  })
  await sql`insert into customer_fields (customer_id, field_id, corp_id, value, sealed, source, updated_at, updated_by)
    select customer_id, field_id, corp_id, nullif(value, 'null'::jsonb), sealed, source, updated_at, updated_by
    from json_populate_recordset(null::customer_fields, ${JSON.stringify(rows)}::json)
    on conflict (customer_id, field_id) do update set value = excluded.value, sealed = excluded.sealed,
      source = excluded.source, updated_at = excluded.updated_at, updated_by = excluded.updated_by`.execute(tx)
  await noteChanges(
    tx,
    corpId,
    changes.flatMap(({ field, value }) => fieldChanges(customerId, field, value)),
  )
  await appendEvents(
    tx,
    [
      {
        ...{ kind: 'customer.fields_changed', corpId, customerId, staffUserid: undefined, occurredAt: by.at },
        cause: by.account === null ? by.source : `person:${by.account}`,
        payload: { fields: changes.map(({ field }) => field.id), names: changes.map(({ field }) => field.name) },
      },
    ],
    by.at,
  )
}

/** The key that this person's data are sealed with, made when first needed; itself sealed with the house's. */
async function personKey(tx: Tx, customerId: number, vault: Vault): Promise<string> {
  const fresh = vault.seal(randomBytes(32).toString('hex'))
  const { rows } = await sql<{ person_key: Buffer }>`
    update customers set person_key = coalesce(person_key, ${fresh}) where id = ${customerId} returning person_key`.execute(
    tx,
  )
  const [row] = rows
  if (!row) throw new Error(`Customer ${customerId} is not there`)
  return vault.open(row.person_key)
}

/** Tells audiences anew what the persons of these homes have: homes that joined or parted. Personal values need no key here. */
export async function noteFieldsOf(tx: Tx, corpId: number, homes: readonly number[]): Promise<void> {
  const members = await homesOfPersons(tx, homes)
  const rows = await rowsOf(
    tx,
    members.map((one) => one.home),
  )
  if (rows.length === 0) return
  const fields = new Map((await fieldsOf(tx, corpId)).map((field) => [field.id, field]))
  const rootOf = new Map(members.map(({ home, root }) => [home, root]))
  const given = new Set(rows.map((row) => row.field_id))
  const changes = members.flatMap(({ home }) => {
    const own = latest(rows.filter((row) => rootOf.get(row.home) === home))
    return [...given].flatMap((id) => {
      const field = fields.get(id)
      const row = own.find((one) => one.field_id === id)
      // of a sealed value audiences are told only that it is there
      const value = row?.sealed ? '' : (row?.value ?? null)
      return field ? fieldChanges(home, field, value) : []
    })
  })
  await noteChanges(tx, corpId, changes)
}
