import type { Executor } from '../../infra/db/database.ts'
import { channelStateOf } from './channel.ts'

/** What the path of an add needs to know of the channel it came by. */
export interface ResolvedChannel {
  readonly id: string
  readonly name: string
  readonly kind: string
  readonly state: string
  readonly tagIds: readonly string[]
  readonly remark: string
  readonly description: string
  /** The store the code leads to now: its own, or the one it was re-routed to. */
  readonly storeId: string | null
  readonly status: string
}

/** The channel behind the `State` of an add event; a deleted one still explains where the customer came from. */
export async function resolveChannel(
  on: Executor,
  corpId: number,
  state: string,
): Promise<ResolvedChannel | undefined> {
  const row = await on
    .selectFrom('channels')
    .select([
      'id',
      'name',
      'kind',
      'state',
      'tag_ids',
      'remark',
      'description',
      'store_id',
      'routed_store_id',
      'status',
    ])
    .where('corp_id', '=', corpId)
    .where('state', '=', channelStateOf(state))
    .executeTakeFirst()
  if (row === undefined) return undefined
  const { tag_ids: tagIds, store_id: own, routed_store_id: routed, ...rest } = row
  return { ...rest, tagIds, storeId: routed ?? own }
}
