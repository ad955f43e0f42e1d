import { sql } from 'kysely'
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

/** Many at once; keys are `corpId state`, as are the answer's. */
export async function resolveChannels(
  on: Executor,
  keys: readonly string[],
): Promise<ReadonlyMap<string, ResolvedChannel>> {
  const pairs = keys.map((key) => ({
    corpId: Number(key.slice(0, key.indexOf(' '))),
    state: key.slice(key.indexOf(' ') + 1),
  }))
  const { rows } = await sql<{ key: string } & ResolvedChannel>`
    select c.corp_id || ' ' || c.state as key, c.id, c.name, c.kind, c.state, c.tag_ids as "tagIds", c.remark, c.description,
      coalesce(c.routed_store_id, c.store_id) as "storeId", c.status
    from unnest(${pairs.map((p) => p.corpId)}::int[], ${pairs.map((p) => p.state)}::text[]) as w(corp_id, state)
    join channels c on c.corp_id = w.corp_id and c.state = w.state`.execute(on)
  return new Map(rows.map(({ key, ...channel }) => [key, channel]))
}
