import { randomBytes } from 'node:crypto'
import { sql } from 'kysely'
import type { Tx } from '../../../infra/db/database.ts'
import { appendEvents } from '../../../infra/events/events.store.ts'
import { createVault, type Vault } from '../../../infra/secrets/vault.ts'
import { noteChanges } from '../../audiences/index.ts'
import { rootsOf } from '../persons/person-homes.store.ts'
import { fieldChanges } from './field.ts'
import type { ValueChange } from './field-values.store.ts'

export interface FieldsOfHome {
  readonly home: number
  readonly changes: readonly ValueChange[]
}

/** Values of many persons that an import tells: by home, some statements whatever their number. Each home once. */
export async function importFields(
  tx: Tx,
  corpId: number,
  given: readonly FieldsOfHome[],
  vault: Vault,
  by: { readonly cause: string; readonly at: Date },
): Promise<void> {
  const list = given.filter(({ changes }) => changes.length > 0).sort((a, b) => a.home - b.home)
  if (list.length === 0) return
  const sealing = list.filter(({ changes }) => changes.some(({ field, value }) => field.personal && value !== null))
  const keys = await personKeys(
    tx,
    sealing.map(({ home }) => home),
    vault,
  )
  const rows = list.flatMap(({ home, changes }) =>
    changes.map(({ field, value }) => {
      const key = field.personal && value !== null ? keys.get(home) : undefined
      const sealed = key === undefined ? null : `\\x${createVault(key).seal(JSON.stringify(value)).toString('hex')}`
      return { customer_id: home, field_id: field.id, value: sealed === null ? value : null, sealed }
    }),
  )
  await sql`insert into customer_fields (customer_id, field_id, corp_id, value, sealed, source, updated_at)
    select customer_id, field_id, ${corpId}, nullif(value, 'null'::jsonb), sealed, 'import', ${by.at}
    from json_populate_recordset(null::customer_fields, ${JSON.stringify(rows)}::json)
    on conflict (customer_id, field_id) do update set value = excluded.value, sealed = excluded.sealed,
      source = excluded.source, updated_at = excluded.updated_at, updated_by = null
    where customer_fields.updated_at <= excluded.updated_at`.execute(tx)
  const roots = await rootsOf(
    tx,
    corpId,
    list.map(({ home }) => home),
  )
  await noteChanges(
    tx,
    corpId,
    list.flatMap(({ home, changes }) =>
      changes.flatMap(({ field, value }) => fieldChanges(roots.get(home) ?? home, field, value)),
    ),
  )
  await appendEvents(
    tx,
    list.map(({ home, changes }) => ({
      ...{ kind: 'customer.fields_changed', corpId, customerId: home, staffUserid: undefined, occurredAt: by.at },
      cause: by.cause,
      payload: { fields: changes.map(({ field }) => field.id), names: changes.map(({ field }) => field.name) },
    })),
    by.at,
  )
}

/** The keys that these persons' data are sealed with, made where there is none yet; themselves sealed with the house's. */
async function personKeys(tx: Tx, homes: readonly number[], vault: Vault): Promise<ReadonlyMap<number, string>> {
  if (homes.length === 0) return new Map()
  const fresh = homes.map(() => vault.seal(randomBytes(32).toString('hex')))
  const { rows } = await sql<{ id: number; person_key: Buffer }>`
    update customers c set person_key = coalesce(c.person_key, n.key)
    from unnest(${[...homes]}::bigint[], ${fresh}::bytea[]) as n(id, key) where c.id = n.id
    returning c.id, c.person_key`.execute(tx)
  return new Map(rows.map(({ id, person_key }) => [id, vault.open(person_key)]))
}
