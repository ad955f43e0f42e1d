import type { GroupChat } from '@nuanyu/wecom'
import { afterFact, type GroupMember, isPresent, isSameJoin, nobody } from './group-member.ts'

/** A callback comes at the latest after its last repeat: what is younger may still be told of. */
export const youngMs = 60_000

export interface ReadMember {
  readonly kind: 'staff' | 'external'
  readonly id: string
  readonly joinedAt: Date
  readonly scene: number
  readonly invitor: string | undefined
  readonly state: string | undefined
  readonly name: string | undefined
  readonly nickname: string | undefined
  /** Of WeChat users, where a developer account is bound to the corp; also of who is nobody's friend. */
  readonly unionid?: string | undefined
}

/** A group as the platform showed it. */
export interface GroupReading {
  readonly chatId: string
  readonly readAt: Date
  readonly name: string
  readonly owner: string
  readonly notice: string | undefined
  readonly admins: readonly string[]
  readonly createdAt: Date
  readonly version: string | undefined
  readonly members: readonly ReadMember[]
}

/** What we had of it. */
export interface KnownGroup {
  readonly name: string
  readonly owner: string
  readonly notice: string | undefined
  readonly readAt: Date | undefined
  readonly changedAt: Date | undefined
  /** Of the list of members as it was read last, and as the newest callback says it is. */
  readonly version: string | undefined
  readonly toldVersion: string | undefined
  readonly dismissedAt: Date | undefined
}

export interface ReadingRules {
  /** The platform shows a group as it was up to so long ago. */
  readonly lagMs: number
  /** Joins after it should have come with a callback; undefined: groups were never read whole, nothing is told. */
  readonly baseline: Date | undefined
}

export interface MemberChange {
  readonly kind: 'staff' | 'external'
  readonly id: string
  readonly member: GroupMember
  /** What is to be told of it, and when it happened. */
  readonly tell: { readonly what: 'joined' | 'left'; readonly at: Date } | undefined
}

export interface ReadingOutcome {
  readonly changes: readonly MemberChange[]
  /** Customers who came or went and of whom no callback told, long enough ago that none will. */
  readonly found: number
  readonly gone: number
  /** The platform has not caught up with what it told us itself: read it again soon. */
  readonly stale: boolean
  /** Members that are no longer shown, but of whom a callback may still tell how they went. */
  readonly waiting: number
}

export const memberKey = (kind: string, id: string) => `${kind} ${id}`

/**
 * What a reading says that we did not know. It never revives who left: his join stands in the past, and only a later one
 * brings him back. Who is not shown has left, unless he came after the moment that the platform shows.
 */
export function compareReading(
  reading: GroupReading,
  group: KnownGroup,
  known: ReadonlyMap<string, GroupMember>,
  rules: ReadingRules,
): ReadingOutcome {
  // a page from before its end says nothing of a group that is no more
  if (group.dismissedAt !== undefined) return { changes: [], found: 0, gone: 0, stale: false, waiting: 0 }
  const { readAt } = reading
  const quiet = group.changedAt === undefined || readAt.getTime() - group.changedAt.getTime() >= youngMs
  const stale =
    !quiet && reading.version !== undefined && reading.version === group.version && group.version !== group.toldVersion
  const changes: MemberChange[] = []
  const shown = new Set<string>()
  let found = 0
  for (const one of reading.members) {
    const key = memberKey(one.kind, one.id)
    shown.add(key)
    const before = known.get(key) ?? nobody
    const after = afterMember(before, one)
    const joined = isPresent(after) && (!isPresent(before) || !isSameJoin(before, one.joinedAt))
    const told = joined && rules.baseline !== undefined && one.joinedAt >= rules.baseline
    if (told && one.kind === 'external' && readAt.getTime() - one.joinedAt.getTime() >= youngMs) found += 1
    if (told || !isSame(before, after))
      changes.push({
        kind: one.kind,
        id: one.id,
        member: after,
        tell: told ? { what: 'joined', at: one.joinedAt } : undefined,
      })
  }
  const seenAt = new Date(readAt.getTime() - rules.lagMs)
  const missing = [...known].filter(
    ([key, member]) =>
      !shown.has(key) && isPresent(member) && member.joinedAt !== undefined && member.joinedAt < seenAt,
  )
  const older = group.readAt !== undefined && group.readAt > readAt
  if (older || missing.length === 0) return { changes, found, gone: 0, stale, waiting: 0 }
  if (!quiet) return { changes, found, gone: 0, stale, waiting: missing.length }
  for (const [key, member] of missing) {
    const [kind, id] = key.split(' ')
    if ((kind !== 'staff' && kind !== 'external') || id === undefined) continue
    changes.push({ kind, id, member: { ...member, absentAt: seenAt }, tell: { what: 'left', at: seenAt } })
  }
  const gone = missing.filter(([key]) => key.startsWith('external ')).length
  return { changes, found, gone, stale, waiting: 0 }
}

function afterMember(before: GroupMember, one: ReadMember): GroupMember {
  const after = afterFact(before, { kind: 'joined', at: one.joinedAt, scene: one.scene })
  // an older stay's way in says nothing of the present one
  const ofThisStay =
    before.joinedAt === undefined || one.joinedAt >= before.joinedAt || isSameJoin(before, one.joinedAt)
  return {
    ...after,
    name: one.name ?? before.name,
    nickname: one.nickname,
    ...(ofThisStay ? { scene: one.scene, invitor: one.invitor, state: one.state } : {}),
  }
}

function isSame(a: GroupMember, b: GroupMember): boolean {
  return (Object.keys(b) as (keyof GroupMember)[]).every((key) => comparable(a[key]) === comparable(b[key]))
}

const comparable = (value: Date | string | number | undefined) => (value instanceof Date ? value.getTime() : value)

/** What the platform answered, as we keep it. */
export function readingOf(group: GroupChat, readAt: Date): GroupReading {
  return {
    ...{ chatId: group.chat_id, readAt, name: group.name, owner: group.owner, version: group.member_version },
    notice: textOr(group.notice),
    admins: group.admin_list.map(({ userid }) => userid),
    createdAt: new Date(group.create_time * 1000),
    members: group.member_list.map((one) => ({
      kind: one.type === 1 ? 'staff' : 'external',
      id: one.userid,
      joinedAt: new Date(one.join_time * 1000),
      scene: one.join_scene,
      invitor: one.invitor?.userid,
      state: textOr(one.state),
      name: textOr(one.name),
      nickname: textOr(one.group_nickname),
      unionid: textOr(one.unionid),
    })),
  }
}

const textOr = (text: string | undefined) => (text === '' ? undefined : text)

/** What of the group itself is other than we had it. */
export function changedFields(known: KnownGroup, reading: GroupReading): ('name' | 'owner' | 'notice')[] {
  if (known.readAt === undefined || known.readAt > reading.readAt) return []
  return (['name', 'owner', 'notice'] as const).filter((field) => known[field] !== reading[field])
}
