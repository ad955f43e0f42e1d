import { v7 as uuid } from 'uuid'
import { z } from 'zod'
import type { Actor } from '../../../infra/auth/actor.ts'
import type { Executor } from '../../../infra/db/database.ts'

export interface SavedView {
  readonly id: string
  readonly name: string
  readonly filters: Record<string, string>
}

const filters = z.record(z.string(), z.string())
/** A person's views of one list; more than this nobody finds again. */
const most = 50

export async function listViews(on: Executor, actor: Actor, list: string): Promise<SavedView[]> {
  const rows = await on
    .selectFrom('saved_views')
    .select(['id', 'name', 'filters'])
    .where('corp_id', '=', actor.corpId)
    .where('account_id', '=', actor.accountId)
    .where('list', '=', list)
    .orderBy('created_at', 'desc')
    .limit(most)
    .execute()
  return rows.map((row) => ({ ...row, filters: filters.parse(row.filters) }))
}

/** A view of the same name is replaced. */
export async function saveView(
  on: Executor,
  actor: Actor,
  list: string,
  view: Omit<SavedView, 'id'>,
  at: Date,
): Promise<SavedView> {
  const row = await on
    .insertInto('saved_views')
    .values({
      id: uuid(),
      corp_id: actor.corpId,
      account_id: actor.accountId,
      list,
      name: view.name,
      filters: JSON.stringify(view.filters),
      created_at: at,
    })
    .onConflict((conflict) =>
      conflict
        .columns(['account_id', 'list', 'name'])
        .doUpdateSet({ filters: JSON.stringify(view.filters), created_at: at }),
    )
    .returning(['id', 'name'])
    .executeTakeFirstOrThrow()
  return { ...row, filters: view.filters }
}

export async function deleteView(on: Executor, actor: Actor, list: string, id: string): Promise<boolean> {
  const { numDeletedRows } = await on
    .deleteFrom('saved_views')
    .where('id', '=', id)
    .where('account_id', '=', actor.accountId)
    .where('list', '=', list)
    .executeTakeFirst()
  return numDeletedRows > 0n
}
