import { sql } from 'kysely'
import type { Tx } from '../../../infra/db/database.ts'
import { pinyinOf } from '../cards/name-pinyin.ts'
import type { SeenRelation } from './seen.ts'

/** What we know of a customer beside his relations. */
export interface Person {
  readonly id: number
  readonly name: string | null
  readonly avatar: string | null
  readonly gender: number | null
  readonly kind: number | null
  readonly corpName: string | null
  readonly detailAt: Date | null
}

type SeenPerson = SeenRelation & { readonly customerId: number }

/** Locks these people in the order of their numbers, so that none is erased under our hands; who was erased is not among them. */
export async function lockPeople(tx: Tx, ids: readonly number[]): Promise<ReadonlyMap<number, Person>> {
  const wanted = [...new Set(ids)]
  if (wanted.length === 0) return new Map()
  const { rows } = await sql<Person>`
    select id, name, avatar, gender, kind, corp_name as "corpName", detail_at as "detailAt" from customers
    where id = any(${wanted}::bigint[]) and erased_at is null order by id for no key update`.execute(tx)
  return new Map(rows.map((row) => [row.id, row]))
}

/**
 * Writes what the platform shows of people whom we know, where it differs or was last read before this sync began: who
 * stands with several members is written once.
 */
export async function updatePeople(
  tx: Tx,
  seen: readonly SeenPerson[],
  known: ReadonlyMap<number, Person>,
  { at, syncedAt = at }: { readonly at: Date; readonly syncedAt?: Date },
): Promise<void> {
  const people = [...new Map(seen.map((row) => [row.customerId, row])).values()].filter((row) => {
    const person = known.get(row.customerId)
    return person !== undefined && (isOlder(person.detailAt, syncedAt) || differs(person, row))
  })
  if (people.length === 0) return
  const pinyin = await pinyinOf(people.map(({ name }) => name))
  await sql`
    update customers c set name = n.name, name_pinyin = n.name_pinyin, avatar = n.avatar, gender = n.gender, kind = n.kind,
      corp_name = n.corp_name, detail_at = ${at}
    from unnest(
      ${people.map((row) => row.customerId)}::bigint[], ${people.map((row) => row.name)}::text[], ${people.map((row) => pinyin(row.name))}::text[],
      ${people.map((row) => row.avatar ?? null)}::text[], ${people.map((row) => row.gender)}::smallint[],
      ${people.map((row) => row.kind)}::smallint[], ${people.map((row) => row.corpName ?? null)}::text[]
    ) as n(id, name, name_pinyin, avatar, gender, kind, corp_name)
    where c.id = n.id and c.id = any(${people.map((row) => row.customerId)}::bigint[])`.execute(tx)
}

function isOlder(detailAt: Date | null, than: Date): boolean {
  return detailAt === null || detailAt <= than
}

function differs(person: Person, seen: SeenPerson): boolean {
  return (
    person.name !== seen.name ||
    person.avatar !== (seen.avatar ?? null) ||
    person.gender !== seen.gender ||
    person.kind !== seen.kind ||
    person.corpName !== (seen.corpName ?? null)
  )
}
