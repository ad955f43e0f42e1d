/** Who left by himself, or was put out by the owner or an administrator. */
export type LeftBy = 'self' | 'removed'

/** A person in a group, as a row of registers: each is the latest fact of its kind and only moves forward. */
export interface GroupMember {
  readonly name: string | undefined
  readonly nickname: string | undefined
  readonly joinedAt: Date | undefined
  readonly firstJoinedAt: Date | undefined
  /** 1 invited, 2 by a link of an invitation, 3 by a QR code. */
  readonly scene: number | undefined
  readonly invitor: string | undefined
  /** `state` of the join way. */
  readonly state: string | undefined
  readonly leftAt: Date | undefined
  readonly leftBy: LeftBy | undefined
  /** A reading did not show him any more, and nobody had told of it. */
  readonly absentAt: Date | undefined
}

export type MemberFact =
  | { readonly kind: 'joined'; readonly at: Date; readonly scene: number | undefined }
  | { readonly kind: 'left'; readonly at: Date; readonly by: LeftBy | undefined }

export const nobody: GroupMember = {
  ...{ name: undefined, nickname: undefined, joinedAt: undefined, firstJoinedAt: undefined, scene: undefined },
  ...{ invitor: undefined, state: undefined, leftAt: undefined, leftBy: undefined, absentAt: undefined },
}

/** Callback and list may tell one join with times that differ by less than this. */
export const sameJoinMs = 60_000

/** In the group now; who left in the second in which he joined has left. The column `present` says the same. */
export function isPresent({ joinedAt, leftAt, absentAt }: GroupMember): boolean {
  if (joinedAt === undefined) return false
  return (leftAt === undefined || leftAt < joinedAt) && (absentAt === undefined || absentAt < joinedAt)
}

export function afterFact(member: GroupMember, fact: MemberFact): GroupMember {
  if (fact.kind === 'joined') {
    const latest = member.joinedAt === undefined || fact.at > member.joinedAt
    return {
      ...member,
      joinedAt: later(member.joinedAt, fact.at),
      firstJoinedAt: earlier(member.firstJoinedAt, fact.at),
      scene: latest ? (fact.scene ?? member.scene) : member.scene,
      // those of an earlier stay do not tell of this one; the reading brings the new ones
      ...(latest && !isSameJoin(member, fact.at) ? { invitor: undefined, state: undefined } : {}),
    }
  }
  const { leftAt } = member
  if (leftAt !== undefined && fact.at < leftAt) return member
  // two ends in one second: the one that says more, whichever came first
  const same = leftAt !== undefined && fact.at.getTime() === leftAt.getTime()
  const by = same && (member.leftBy === 'removed' || fact.by === undefined) ? member.leftBy : fact.by
  return { ...member, leftAt: fact.at, leftBy: by }
}

/**
 * Whether a callback tells something that a reading did not tell before it: the join of somebody who is known to be there
 * since the same moment, and the end of somebody who was already missed, are told once.
 */
export function isNews(before: GroupMember, fact: MemberFact): boolean {
  if (fact.kind === 'joined') {
    return !(isPresent(before) && isSameJoin(before, fact.at) && before.joinedAt?.getTime() !== fact.at.getTime())
  }
  const { joinedAt, absentAt, leftAt } = before
  const missed = absentAt !== undefined && joinedAt !== undefined && absentAt >= joinedAt
  return !(missed && fact.at >= joinedAt && fact.at <= absentAt && (leftAt === undefined || leftAt < joinedAt))
}

export function isSameJoin(member: GroupMember, at: Date): boolean {
  return member.joinedAt !== undefined && Math.abs(member.joinedAt.getTime() - at.getTime()) <= sameJoinMs
}

export function later(a: Date | undefined, b: Date): Date {
  return a !== undefined && a > b ? a : b
}

export function earlier(a: Date | undefined, b: Date): Date {
  return a !== undefined && a < b ? a : b
}
