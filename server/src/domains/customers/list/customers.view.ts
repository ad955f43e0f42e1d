import { z } from '@hono/zod-openapi'
import { type Actor, seesPersonalData } from '../../../infra/auth/actor.ts'
import { nameFor, phoneFor } from '../../../infra/auth/mask.ts'
import type { Vault } from '../../../infra/secrets/vault.ts'
import type { CustomerHead, EventRow, ImportedRow, RelationRow } from './customer-detail.store.ts'
import {
  type customerDetail,
  type customerItem,
  type customerRelation,
  type revealed,
  storedTrace,
  type timelineItem,
} from './customers.schema.ts'
import type { CustomerRow } from './customers.store.ts'

const iso = (at: Date | null) => at?.toISOString() ?? null
/** `external_contact.type` 2: a person of another company's WeCom. */
const kindOf = (kind: number | null) => (kind === 2 ? ('wecom' as const) : ('wechat' as const))

export function presentItem(actor: Actor, row: CustomerRow): z.infer<typeof customerItem> {
  return {
    id: row.id,
    name: nameFor(actor, row.name ?? ''),
    masked: !seesPersonalData(actor),
    avatar: row.avatar,
    kind: kindOf(row.kind),
    corp_name: row.corpName,
    remark: nameFor(actor, row.remark ?? ''),
    status: row.status,
    last_added_at: row.lastAddedAt.toISOString(),
    members: [...row.members],
    tags: [...row.tags],
    channels: [...row.channels],
  }
}

export function presentDetail(
  actor: Actor,
  head: CustomerHead,
  relations: readonly RelationRow[],
  told: ImportedRow | undefined,
  vault: Pick<Vault, 'open'>,
): z.infer<typeof customerDetail> {
  const imported = importedIn(told, vault)
  return {
    id: head.id,
    external_userid: head.externalUserid,
    unionid: seesPersonalData(actor) ? head.unionid : null,
    name: nameFor(actor, head.name || imported?.name || ''),
    masked: !seesPersonalData(actor),
    avatar: head.avatar,
    gender: head.gender === 1 ? 'male' : head.gender === 2 ? 'female' : 'unknown',
    kind: kindOf(head.kind),
    corp_name: head.corpName,
    status: head.status,
    imported: imported && {
      name: nameFor(actor, imported.name),
      phone: phoneFor(actor, imported.phone),
      at: imported.at.toISOString(),
    },
    created_at: head.createdAt.toISOString(),
    detail_at: iso(head.detailAt),
    relations: relations.map((row) => presentRelation(actor, row, mobilesOf(vault, row))),
  }
}

/** The phone numbers behind the seal. */
function mobilesOf(vault: Pick<Vault, 'open'>, row: RelationRow): readonly string[] {
  return row.mobiles === null ? [] : sealedMobiles.parse(JSON.parse(vault.open(row.mobiles)))
}
const sealedMobiles = z.array(z.string())

function importedIn(told: ImportedRow | undefined, vault: Pick<Vault, 'open'>) {
  if (told === undefined) return null
  const open = (sealed: Buffer | null) => (sealed === null ? '' : vault.open(sealed))
  return { name: open(told.name), phone: open(told.phone), at: told.at }
}

/** What was behind the mask. */
export function presentRevealed(
  head: CustomerHead,
  relations: readonly RelationRow[],
  told: ImportedRow | undefined,
  vault: Pick<Vault, 'open'>,
): z.infer<typeof revealed> {
  const imported = importedIn(told, vault)
  return {
    name: head.name || imported?.name || '',
    imported: imported && { name: imported.name, phone: imported.phone },
    relations: relations.map((row) => ({
      userid: row.userid,
      remark: row.remark ?? '',
      description: row.description ?? '',
      mobiles: [...mobilesOf(vault, row)],
    })),
  }
}

function presentRelation(actor: Actor, row: RelationRow, mobiles: readonly string[]): z.infer<typeof customerRelation> {
  return {
    userid: row.userid,
    staff_name: row.staffName,
    status: row.status,
    ended_by: row.status === 'ended' ? row.endedBy : null,
    added_at: iso(row.addedAt),
    first_added_at: iso(row.firstAddedAt),
    half_at: iso(row.halfAt),
    ended_at: iso(row.endedAt),
    channel: row.channelId === null ? null : { id: row.channelId, name: row.channelName ?? row.state ?? '' },
    state: row.state,
    add_way: row.addWay,
    remark: nameFor(actor, row.remark ?? ''),
    description: nameFor(actor, row.description ?? ''),
    mobiles: mobiles.map((mobile) => phoneFor(actor, mobile)),
    tags: [...row.tags],
    personal_tags: [...row.personalTags],
    detail_at: iso(row.detailAt),
  }
}

export function presentEvent(row: EventRow): z.infer<typeof timelineItem> {
  const { by, scene, amount } = row.payload
  return {
    id: row.id,
    kind: row.kind,
    userid: row.userid,
    staff_name: row.staffName,
    at: row.occurredAt.toISOString(),
    learnt_at: row.learntAt.toISOString(),
    channel: row.channelName,
    tags: [...row.tags],
    by: typeof by === 'string' ? by : null,
    amount: typeof amount === 'number' ? amount : null,
    group: row.groupName,
    scene: typeof scene === 'number' ? scene : null,
    about: aboutOf(row.payload),
    held: heldOf(row),
    welcome: welcomeOf(row),
  }
}

/** The governor's word; of other events a reason may be anything that was written. */
function heldOf({ kind, payload: { reason, until } }: EventRow): z.infer<typeof timelineItem>['held'] {
  if (!kind.startsWith('touch.') || typeof reason !== 'string') return null
  return { reason, until: typeof until === 'string' ? until : null }
}

export function aboutOf({ name, names }: EventRow['payload']): string | null {
  const given = [name, names].flat().filter((one) => typeof one === 'string')
  return given.length === 0 ? null : given.join('、')
}

function welcomeOf(row: EventRow): z.infer<typeof timelineItem>['welcome'] {
  if (row.outcome === null || row.decidedAt === null) return null
  const trace = storedTrace.safeParse(row.trace).data
  const stages = typeof row.stages === 'object' && row.stages !== null ? Object.entries(row.stages) : []
  const answered: unknown = stages.find(([stage]) => stage === 'answered')?.[1]
  return {
    outcome: row.outcome,
    errcode: row.errcode,
    reason: row.reason,
    ms: typeof answered === 'number' ? answered : null,
    staff_name: trace?.asked.staffName ?? null,
    store_name: trace?.asked.storeName ?? null,
    channel_name: trace?.asked.channelName ?? null,
    band: trace?.band ?? null,
    band_stage: trace?.bandStage ?? null,
    stage: trace?.asked.stage ?? null,
    tried: (trace?.tried ?? []).map(({ app, errcode }) => ({ app: app ?? null, errcode: errcode ?? null })),
    decided_at: row.decidedAt.toISOString(),
    considered: trace?.considered ?? [],
  }
}
