import { type RawBuilder, sql } from 'kysely'
import type { Executor } from '../../../infra/db/database.ts'
import { behaviourNames } from '../kept/behaviours.store.ts'
import type { Rule } from './rule.schema.ts'
import { leavesOf } from './rule.ts'
import type { NameKind, Names } from './words.ts'

export interface Value {
  readonly id: string
  readonly name: string
  /** The group of a tag, the kind of a field … */
  readonly about: string
}

/** Of the kinds of identities those that every brand has; an openid is of one of its accounts. */
const houseKinds = ['member_no', 'phone', 'unionid', 'openid', 'email'] as const

/** What of each kind there is: id, name, about; a query for each, so that one search serves them all. */
function sourceOf(kind: ValueKind, corpId: number): RawBuilder<Value> {
  switch (kind) {
    case 'tag':
      return sql`select t.id, t.name, g.name as about from tags t join tag_groups g on g.corp_id = t.corp_id and g.id = t.group_id
        where t.corp_id = ${corpId} and t.removed_at is null`
    case 'corp_tag':
      return sql`select t.platform_id as id, t.name, g.name as about
        from tags t join tag_groups g on g.corp_id = t.corp_id and g.id = t.group_id
        where t.corp_id = ${corpId} and t.platform_id is not null and t.removed_at is null and g.removed_at is null and g.kind = 'corp'`
    case 'field':
      return sql`select id::text, name, kind as about from custom_fields
        where corp_id = ${corpId} and archived_at is null`
    case 'choice':
      return sql`select f.id::text || '=' || (c->>'value') as id, c->>'value' as name, f.id::text as about
        from custom_fields f, jsonb_array_elements(f.choices) c where f.corp_id = ${corpId} and f.archived_at is null`
    case 'staff':
      return sql`select userid as id, name, coalesce(position, '') as about from staff where corp_id = ${corpId} and follows`
    case 'department':
      return sql`select department_id::text as id, name, '' as about from departments where corp_id = ${corpId} and gone_at is null`
    case 'store':
      return sql`select id::text, name, coalesce(city, '') as about from stores where corp_id = ${corpId}`
    case 'channel':
      return sql`select id::text, name, '' as about from channels where corp_id = ${corpId} and status <> 'deleted'`
    case 'audience':
      return sql`select id::text, name, kind as about from audiences where corp_id = ${corpId} and archived_at is null`
    case 'list':
      return sql`select id::text, name, kind as about from audiences
        where corp_id = ${corpId} and archived_at is null and kind = 'static'`
    case 'account':
      return sql`select id::text, name, kind as about from weixin_accounts where corp_id = ${corpId}`
    case 'identity':
      return sql`select kind as id, name, 'declared' as about from identity_kinds where corp_id = ${corpId}
        union select kind, kind, 'house' from unnest(${[...houseKinds]}::text[]) house(kind)`
    case 'group':
      return sql`select chat_id as id, case when name = '' then chat_id else name end as name, '' as about from groups
        where corp_id = ${corpId} and dismissed_at is null`
    case 'stage':
      return sql`select s->>'id' as id, s->>'name' as name, '' as about
        from (select stages from life_cycles where corp_id = ${corpId} order by version desc limit 1) l, jsonb_array_elements(l.stages) s`
    case 'tier':
      return sql`select t->>'id' as id, t->>'name' as name, '' as about
        from value_tiers v, jsonb_array_elements(v.tiers) t where v.corp_id = ${corpId}`
    case 'product':
      return sql`select distinct on (number) number as id, name, category as about from products where corp_id = ${corpId}`
    case 'category':
      return sql`select distinct category as id, category as name, '' as about from products
        where corp_id = ${corpId} and category <> ''`
    case 'order_channel':
      return sql`select distinct channel as id, channel as name, '' as about from audience_orders
        where corp_id = ${corpId} and channel is not null`
    case 'event':
      return sql`select name as id, name, '' as about from ${behaviourNames(corpId)} names`
  }
}

export const valueKinds = [
  ...(['tag', 'field', 'choice', 'staff', 'department', 'store', 'channel', 'audience', 'list', 'group'] as const),
  ...(['stage', 'tier', 'product', 'category', 'order_channel', 'event'] as const),
  ...(['account', 'identity', 'corp_tag'] as const),
] as const
export type ValueKind = (typeof valueKinds)[number]

/** What a condition may name, found by a part of its name; `ids` are answered whatever they are called. */
export async function valuesOf(
  on: Executor,
  corpId: number,
  ask: {
    readonly kind: ValueKind
    readonly q: string
    readonly about: string | undefined
    readonly ids: readonly string[]
  },
): Promise<readonly Value[]> {
  const like = `%${ask.q.replaceAll(/[\\%_]/g, (sign) => `\\${sign}`)}%`
  const { rows } = await sql<Value>`select id, name, about from (${sourceOf(ask.kind, corpId)}) found
    where id = any(${[...ask.ids]}::text[]) or (name ilike ${like}
      ${ask.about === undefined ? sql`` : sql`and about = ${ask.about}`})
    order by id = any(${[...ask.ids]}::text[]) desc, about, name, id limit 100`.execute(on)
  return rows
}

/** What the things that these rules name are called; what is gone stands for itself. */
export async function namesFor(on: Executor, corpId: number, rules: readonly Rule[]): Promise<Names> {
  const wanted = new Map<NameKind, Set<string>>()
  const want = (kind: NameKind, ids: readonly string[]) => {
    const own = wanted.get(kind) ?? new Set<string>()
    for (const id of ids) own.add(id)
    wanted.set(kind, own)
  }
  for (const leaf of rules.flatMap(leavesOf)) {
    if ('field' in leaf) want('field', [leaf.field])
    if (leaf.is === 'tags') want('tag', leaf.tags)
    if (leaf.is === 'relation' && leaf.by !== 'anyone') want(leaf.by, leaf.any)
    if (leaf.is === 'stage' || leaf.is === 'tier' || leaf.is === 'group') want(leaf.is, leaf.any)
    if (leaf.is === 'audience' || leaf.is === 'list') want('audience', [leaf.id])
    if (leaf.is === 'account') want('account', [leaf.account])
    if (leaf.is === 'identity') want('identity', leaf.any)
    if (leaf.is === 'stock') want('product', [leaf.product])
    if (leaf.is === 'orders') {
      if (leaf.product !== undefined) want('product', [leaf.product])
      if (leaf.store !== undefined) want('store', [leaf.store])
    }
  }
  const names = new Map<string, string>()
  for (const [kind, ids] of wanted) {
    const { rows } = await sql<{ id: string; name: string }>`select id, name from (${sourceOf(kind, corpId)}) found
      where id = any(${[...ids]}::text[])`.execute(on)
    for (const { id, name } of rows) names.set(`${kind} ${id}`, name)
  }
  return (kind, id) => names.get(`${kind} ${id}`) ?? id
}
