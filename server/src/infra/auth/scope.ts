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
        with recursive tree(id) as (
          select unnest(${[...actor.scope.departmentIds]}::integer[])
          union
          select d.department_id from departments d join tree on d.parent_id = tree.id where d.corp_id = ${actor.corpId}
        )
        select scoped.userid from staff scoped
        where scoped.corp_id = ${actor.corpId} and scoped.department_ids && array(select id from tree))`
  }
}
