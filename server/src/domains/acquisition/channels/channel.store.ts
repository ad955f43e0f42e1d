import { sql } from 'kysely'
import type { Executor, Tx } from '../../../infra/db/database.ts'
import type { ChannelInput } from './channel.schema.ts'
import { channelStateOf } from './channel.ts'
import { minutesOf, weekdayMask } from './channel-form.ts'

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
  return (await resolveChannels(on, corpId, [state])).get(state)
}

/** The same for many states at once, by the state as it came. */
export async function resolveChannels(
  on: Executor,
  corpId: number,
  states: readonly string[],
): Promise<ReadonlyMap<string, ResolvedChannel>> {
  if (states.length === 0) return new Map()
  const { rows } = await sql<ResolvedChannel>`
    select id, name, kind, state, tag_ids as "tagIds", remark, description,
      coalesce(routed_store_id, store_id) as "storeId", status
    from channels where corp_id = ${corpId} and state = any(${states.map(channelStateOf)}::text[])`.execute(on)
  const byState = new Map(rows.map((row) => [row.state, row]))
  const found = new Map<string, ResolvedChannel>()
  for (const state of states) {
    const channel = byState.get(channelStateOf(state))
    if (channel !== undefined) found.set(state, channel)
  }
  return found
}

export interface NewChannel {
  readonly id: string
  readonly corpId: number
  readonly state: string
  readonly code: string
  readonly createdBy: string
  readonly input: ChannelInput
}

export async function insertChannel(tx: Tx, channel: NewChannel, at: Date): Promise<void> {
  const { id, corpId, state, code, createdBy, input } = channel
  await tx
    .insertInto('channels')
    .values({
      id,
      corp_id: corpId,
      state,
      code,
      created_by: createdBy,
      created_at: at,
      ...columnsOf(input, at),
    })
    .execute()
  await writeParts(tx, corpId, id, input)
}

/** Overwrites the channel if it is still at this revision; answers whether it was. */
export async function updateChannel(
  tx: Tx,
  corpId: number,
  id: string,
  revision: number,
  input: ChannelInput,
  at: Date,
): Promise<boolean> {
  const { kind: _kind, exclusive: _exclusive, ...columns } = columnsOf(input, at)
  const { numUpdatedRows } = await tx
    .updateTable('channels')
    .set({ ...columns, revision: revision + 1, stale: true })
    .where('corp_id', '=', corpId)
    .where('id', '=', id)
    .where('revision', '=', revision)
    .where('status', '<>', 'deleted')
    .executeTakeFirst()
  if (numUpdatedRows === 0n) return false
  for (const table of ['channel_members', 'channel_shifts', 'channel_periods'] as const) {
    await tx.deleteFrom(table).where('channel_id', '=', id).execute()
  }
  await writeParts(tx, corpId, id, input)
  return true
}

function columnsOf(input: ChannelInput, at: Date) {
  return {
    kind: input.kind,
    name: input.name,
    group_name: input.group,
    tag_ids: input.tag_ids,
    remark: input.remark,
    description: input.description,
    skip_verify: input.skip_verify,
    exclusive: input.exclusive,
    strategy: input.strategy,
    fallback: input.fallback,
    closed_text: input.closed_text,
    daily_limit: input.daily_limit,
    expected_per_day: input.expected_per_day,
    valid_from: input.valid_from,
    valid_until: input.valid_until,
    store_id: input.store_id ?? onlyStoreOf(input),
    logo_id: input.logo_id,
    updated_at: at,
  }
}

/** A code that one store answers is that store's: it can be led to another without a second field being filled. */
function onlyStoreOf({ members }: ChannelInput): string | null {
  const [first, ...others] = members.filter((member) => member.kind === 'store')
  return first !== undefined && others.length === 0 ? first.ref : null
}

async function writeParts(tx: Tx, corpId: number, id: string, input: ChannelInput): Promise<void> {
  const members = [
    ...input.members.map((m, position) => ({ ...m, role: 'member', position })),
    ...input.spares.map((m, position) => ({ ...m, role: 'spare', position })),
  ]
  await tx
    .insertInto('channel_members')
    .values(members.map((m) => ({ ...m, channel_id: id, corp_id: corpId })))
    .execute()
  if (input.shifts.length > 0) {
    await tx
      .insertInto('channel_shifts')
      .values(
        input.shifts.map((shift, position) => ({
          channel_id: id,
          position,
          weekdays: weekdayMask(shift.weekdays),
          from_minute: minutesOf(shift.from),
          until_minute: minutesOf(shift.until),
          members: shift.members,
        })),
      )
      .execute()
  }
  if (input.periods.length > 0) {
    await tx
      .insertInto('channel_periods')
      .values(
        input.periods.map(({ name, from, until, members: named }, position) => ({
          channel_id: id,
          position,
          name,
          from_at: from,
          until_at: until,
          members: named,
        })),
      )
      .execute()
  }
}

/** Stops, starts or deletes; its staff are computed anew. */
export async function setChannelStatus(
  on: Executor,
  corpId: number,
  id: string,
  status: 'active' | 'stopped' | 'deleted',
  at: Date,
): Promise<boolean> {
  const { numUpdatedRows } = await on
    .updateTable('channels')
    .set({ status, stale: true, updated_at: at, revision: sql`revision + 1` })
    .where('corp_id', '=', corpId)
    .where('id', '=', id)
    .where('status', '<>', 'deleted')
    .executeTakeFirst()
  return numUpdatedRows > 0n
}
