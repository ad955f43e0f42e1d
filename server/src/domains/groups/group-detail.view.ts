import type { z } from '@hono/zod-openapi'
import type { Actor } from '../../infra/auth/actor.ts'
import { nameFor } from '../../infra/auth/mask.ts'
import type { GroupDetailRow, GroupMemberRow } from './group-detail.store.ts'
import type { groupDetail, groupMember } from './groups.schema.ts'
import { endOf, person, presentGroup, sceneOf } from './groups.view.ts'

export function presentGroupDetail(row: GroupDetailRow): z.infer<typeof groupDetail> {
  return {
    ...presentGroup(row),
    notice: row.notice === '' ? null : row.notice,
    admins: row.admins.map(({ userid, name }) => person(userid, name)),
    ways: row.ways.map(({ scene, customers }) => ({ scene: sceneOf(scene) ?? 'unknown', customers })),
    invitors: row.invitors.map(({ userid, name, customers }) => ({ ...person(userid, name), customers })),
    days: row.days.map(({ day, joined, left }) => ({ day, joined, left })),
  }
}

export function presentMember(actor: Actor, row: GroupMemberRow): z.infer<typeof groupMember> {
  const name = row.name ?? ''
  const ofCorp = row.kind === 'staff'
  return {
    id: row.id,
    kind: ofCorp ? 'staff' : 'customer',
    customer_id: row.customerId,
    name: ofCorp ? name || row.id : nameFor(actor, name),
    nickname: ofCorp ? (row.nickname ?? '') : nameFor(actor, row.nickname ?? ''),
    present: row.present,
    joined_at: row.joinedAt?.toISOString() ?? null,
    scene: sceneOf(row.scene),
    invitor: row.invitor === null || row.invitor === '' ? null : person(row.invitor, row.invitorName),
    ...endOf(row),
  }
}
