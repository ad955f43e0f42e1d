import { sql } from 'kysely'
import type { Tx } from '../../../infra/db/database.ts'
import type { Change } from '../rules/change.ts'
import { markOf } from '../rules/facts.ts'
import { heldMarks, numbersOf } from './marks.store.ts'

export interface Home {
  readonly id: number
  readonly root: number
  readonly erased: boolean
}

export interface Wanted {
  readonly customerId: number
  readonly key: string
  readonly present: boolean
}

/** Of marks as they should be those that are not so. */
export async function differing(
  tx: Tx,
  corpId: number,
  wanted: readonly Wanted[],
  change: (one: Wanted) => Change = (one) => ({ kind: 'mark', ...one }),
): Promise<readonly Change[]> {
  if (wanted.length === 0) return []
  const numbers = await numbersOf(tx, corpId, [...new Set(wanted.map((one) => one.customerId))])
  const held = await heldMarks(tx, corpId, [...new Set(wanted.map((one) => one.key))], [...numbers.values()])
  return wanted
    .filter(({ customerId, key, present }) => {
      const no = numbers.get(customerId)
      return (no !== undefined && held.get(no)?.has(key) === true) !== present
    })
    .map(change)
}

interface Held {
  readonly home: number
  readonly key: string
}

/** A person has what any of his homes has; a home that is part of another person has nothing of its own. */
function ofRoots(homes: readonly Home[], held: readonly Held[], keys: Iterable<string>): readonly Wanted[] {
  const rootOf = new Map(homes.map((home) => [home.id, home.root]))
  const of = Map.groupBy(held, ({ home }) => rootOf.get(home))
  const all = [...new Set(keys)]
  return homes.flatMap(({ id, root }) => {
    const own = new Set(id === root ? of.get(id)?.map(({ key }) => key) : [])
    return all.map((key) => ({ customerId: id, key, present: own.has(key) }))
  })
}

/** By what kinds of identities these persons are known; who has a WeCom identity is told by his relations. */
export async function identityChanges(tx: Tx, corpId: number, homes: readonly Home[]): Promise<readonly Change[]> {
  const { rows } = await sql<{ home: number; kind: string }>`
    select distinct customer_id as home, split_part(kind, ':', 1) as kind from identities
    where customer_id = any(${homes.map(({ id }) => id)}::bigint[]) and corp_id = ${corpId} and kind <> 'external_userid'`.execute(
    tx,
  )
  const held = rows.map(({ home, kind }) => ({ home, key: markOf.identity(kind) }))
  return differing(
    tx,
    corpId,
    ofRoots(
      homes,
      held,
      held.map(({ key }) => key),
    ),
  )
}

/** What these persons asked for: their latest words over all homes count, of messages and of what is chosen for them. */
export async function wishChanges(tx: Tx, corpId: number, homes: readonly Home[]): Promise<readonly Change[]> {
  const his = sql`w.customer_id = any(${homes.map(({ id }) => id)}::bigint[]) and w.corp_id = ${corpId}`
  const latest = (table: string, said: string) => sql`
    select distinct on (root) root, said from (
      select coalesce(c.merged_into, c.id) as root, ${sql.raw(said)} as said, w.at
      from ${sql.table(table)} w join customers c on c.id = w.customer_id where ${his}
    ) told order by root, at desc`
  const { rows } = await sql<{ root: number; said: string }>`
    select * from (${latest('touch_wishes', 'w.wish')}) amount
    union all
    select * from (${latest('personalisation_wishes', "case when w.personalised then 'all' else 'impersonal' end")}) choice`.execute(
    tx,
  )
  if (rows.length === 0) return []
  const held = rows.map(({ root, said }) => ({ home: root, key: markOf.wish(said) }))
  return differing(tx, corpId, ofRoots(homes, held, wishes.map(markOf.wish)))
}

const wishes = ['less', 'none', 'impersonal'] as const
const states = ['followed', 'left', 'opened', 'member'] as const

/** How these persons stand to the Official Accounts and mini programs. */
export async function accountChanges(tx: Tx, corpId: number, homes: readonly Home[]): Promise<readonly Change[]> {
  const { rows } = await sql<{ home: number; account: string; follows: boolean; ended: boolean; opened: boolean }>`
    select customer_id as home, account_id::text as account, coalesce(followed_at > coalesce(ended_at, '-infinity'), false) as follows,
      ended_at is not null as ended, visited_at is not null as opened
    from weixin_people where customer_id = any(${homes.map(({ id }) => id)}::bigint[]) and corp_id = ${corpId}`.execute(
    tx,
  )
  if (rows.length === 0) return []
  const { rows: members } = await sql<{ home: number }>`
    select distinct customer_id as home from identities
    where customer_id = any(${homes.map(({ id }) => id)}::bigint[]) and corp_id = ${corpId} and kind = 'member_no'`.execute(
    tx,
  )
  const rootOf = new Map(homes.map((home) => [home.id, home.root]))
  const registered = new Set(members.map(({ home }) => rootOf.get(home)))
  const place = (home: number, account: string) => `${rootOf.get(home)} ${account}`
  const following = new Set(rows.filter(({ follows }) => follows).map(({ home, account }) => place(home, account)))
  const held = rows.flatMap(({ home, account, follows, ended, opened }) => {
    const has = {
      followed: follows,
      left: ended && !following.has(place(home, account)),
      opened,
      member: opened && registered.has(rootOf.get(home)),
    }
    return states.filter((state) => has[state]).map((state) => ({ home, key: markOf.account(account, state) }))
  })
  // a state that none of them has any more is looked at too
  const keys = rows.flatMap(({ account }) => states.map((state) => markOf.account(account, state)))
  return differing(tx, corpId, ofRoots(homes, held, keys))
}
