import { type RawBuilder, sql } from 'kysely'
import type { Actor } from './actor.ts'

/**
 * The data scope as SQL: true where the member `userid` of the actor's corp is within what the actor may see.
 * Every list and detail of staff, relations and customers carries it; `column` is a trusted column reference.
 */
export function staffInScope(actor: Actor, column: string): RawBuilder<boolean> {
  const userid = sql.ref(column)
  switch (actor.scope.kind) {
    case 'corp':
      return sql<boolean>`true`
    case 'self':
      return sql<boolean>`${userid} = ${actor.scope.userid}`
    case 'store':
      return sql<boolean>`${userid} in (
        select scoped.userid from staff scoped
        where scoped.corp_id = ${actor.corpId} and scoped.store_id = any(${[...actor.scope.storeIds]}::uuid[]))`
    case 'region':
      return sql<boolean>`${userid} in (
        select scoped.userid from staff scoped
        where scoped.corp_id = ${actor.corpId} and scoped.department_ids && array(${subtree(actor, actor.scope.departmentIds)}))`
  }
}

/** True where the store `id` of the actor's corp is one that he may see; a guide sees the store he stands in. */
export function storeInScope(actor: Actor, column: string): RawBuilder<boolean> {
  const id = sql.ref(column)
  switch (actor.scope.kind) {
    case 'corp':
      return sql<boolean>`true`
    case 'self':
      return sql<boolean>`${id} = (
        select scoped.store_id from staff scoped
        where scoped.corp_id = ${actor.corpId} and scoped.userid = ${actor.scope.userid})`
    case 'store':
      return sql<boolean>`${id} = any(${[...actor.scope.storeIds]}::uuid[])`
    case 'region':
      return sql<boolean>`${id} in (
        select scoped.id from stores scoped
        where scoped.corp_id = ${actor.corpId}
          and scoped.department_id in (${subtree(actor, actor.scope.departmentIds)}))`
  }
}

/** The ids of the departments and all that hang below them; `union` ends even where the tree bites its tail. */
function subtree(actor: Actor, departmentIds: readonly number[]): RawBuilder<number> {
  return sql<number>`
    with recursive tree(id) as (
      select unnest(${[...departmentIds]}::integer[])
      union
      select d.department_id from departments d join tree on d.parent_id = tree.id where d.corp_id = ${actor.corpId}
    )
    select id from tree`
}
