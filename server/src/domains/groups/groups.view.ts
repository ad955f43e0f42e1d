import type { z } from '@hono/zod-openapi'
import type { Actor } from '../../infra/auth/actor.ts'
import { nameFor } from '../../infra/auth/mask.ts'
import type { groupItem, groupOfCustomer } from './groups.schema.ts'
import type { CustomerGroupRow, GroupRow } from './groups.store.ts'

const iso = (at: Date | null) => at?.toISOString() ?? null

/** The platform's status as a word; what it may add one day counts as normal. */
function stateOf(row: { status: number; dismissedAt: Date | null }): z.infer<typeof groupItem>['state'] {
  if (row.dismissedAt !== null) return 'dismissed'
  return (['normal', 'owner_left', 'inheriting', 'inherited'] as const)[row.status] ?? 'normal'
}

export const person = (userid: string, name: string | null) => ({ userid, name: name ?? userid })

interface EndedStay {
  readonly present: boolean
  readonly joinedAt: Date | null
  readonly leftAt: Date | null
  readonly absentAt: Date | null
  readonly leftBy: CustomerGroupRow['leftBy']
  readonly dismissedAt: Date | null
}

export function presentGroup(row: GroupRow): z.infer<typeof groupItem> {
  return {
    chat_id: row.chatId,
    name: row.name,
    owner: person(row.owner, row.ownerName),
    store: row.storeId === null || row.storeName === null ? null : { id: row.storeId, name: row.storeName },
    state: stateOf(row),
    members: row.members,
    customers: row.customers,
    joined_7d: row.joined,
    left_7d: row.left,
    created_at: row.createdAt.toISOString(),
    dismissed_at: iso(row.dismissedAt),
    read_at: row.readAt.toISOString(),
  }
}

export function presentGroupOfCustomer(actor: Actor, row: CustomerGroupRow): z.infer<typeof groupOfCustomer> {
  return {
    chat_id: row.chatId,
    name: row.name,
    owner: person(row.owner, row.ownerName),
    state: stateOf(row),
    present: row.present,
    joined_at: iso(row.joinedAt),
    scene: sceneOf(row.scene),
    invitor: row.invitor === null ? null : person(row.invitor, row.invitorName),
    state_of_way: row.state,
    nickname: nameFor(actor, row.nickname ?? ''),
    ...endOf(row),
  }
}

/** The platform's scene of a join as a word; null: it does not say, or something that we do not know. */
export function sceneOf(scene: number | null): 'invited' | 'link' | 'code' | null {
  return (['invited', 'link', 'code'] as const)[(scene ?? 0) - 1] ?? null
}

/** How the last stay ended: what was told, else the reading that missed him, else the end of the group. */
export function endOf(row: EndedStay): Pick<z.infer<typeof groupOfCustomer>, 'left_at' | 'left_by'> {
  if (row.present) return { left_at: null, left_by: null }
  const since = row.joinedAt?.getTime() ?? Number.NEGATIVE_INFINITY
  if (row.leftAt !== null && row.leftAt.getTime() >= since)
    return { left_at: row.leftAt.toISOString(), left_by: row.leftBy }
  if (row.absentAt !== null && row.absentAt.getTime() >= since)
    return { left_at: row.absentAt.toISOString(), left_by: null }
  return { left_at: iso(row.dismissedAt), left_by: row.dismissedAt === null ? null : 'dismissed' }
}
