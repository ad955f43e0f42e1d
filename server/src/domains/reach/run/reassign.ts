import type { SenderReason } from '../campaigns/recipient.ts'

/** A customer whom his sender could not be asked for. */
export interface Left {
  readonly customerId: number
  /** Members to whom he was given in vain. */
  readonly tried: ReadonlySet<string>
}

/** A living relation of somebody. */
export interface OtherRelation {
  readonly customerId: number
  readonly userid: string
  readonly externalUserid: string
  readonly addedAt: Date | null
}

export interface Members {
  /** Whether he can be asked at all: he is there, and of the campaign's set. */
  can(userid: string): boolean
  /** He could be asked, were he of the campaign's set. */
  outside?(userid: string): boolean
  /** How many more of this run's customers he may have. */
  room(userid: string): number
}

export interface Reassigned {
  readonly given: ReadonlyMap<number, { readonly userid: string; readonly externalUserid: string }>
  readonly listed: ReadonlyMap<number, SenderReason>
}

/**
 * Offers customers to members who also have the relation, the latest relation first; nobody is given to whom he does not
 * know, nor to whom he was given before. Who is left is listed with the reason that comes nearest to sending; who has nobody
 * else, with what is wrong with the one he has.
 */
export function reassign(
  left: readonly Left[],
  relations: readonly OtherRelation[],
  members: Members,
  alone: SenderReason = 'not_given',
): Reassigned {
  const of = Map.groupBy(relations, (one) => one.customerId)
  const taken = new Map<string, number>()
  const given = new Map<number, { userid: string; externalUserid: string }>()
  const listed = new Map<number, SenderReason>()
  for (const { customerId, tried } of [...left].sort((a, b) => a.customerId - b.customerId)) {
    const others = (of.get(customerId) ?? []).filter(({ userid }) => !tried.has(userid))
    const able = others.filter(({ userid }) => members.can(userid))
    const free = able.filter(({ userid }) => (taken.get(userid) ?? 0) < members.room(userid))
    const [chosen] = free.sort(latestFirst)
    if (chosen === undefined) {
      const outside = others.some(({ userid }) => members.outside?.(userid) === true)
      const unable = outside ? 'not_in_set' : others.length > 0 ? 'sender_away' : alone
      listed.set(customerId, able.length > 0 ? 'sender_full' : unable)
      continue
    }
    taken.set(chosen.userid, (taken.get(chosen.userid) ?? 0) + 1)
    given.set(customerId, { userid: chosen.userid, externalUserid: chosen.externalUserid })
  }
  return { given, listed }
}

function latestFirst(a: OtherRelation, b: OtherRelation): number {
  const later = (b.addedAt?.getTime() ?? 0) - (a.addedAt?.getTime() ?? 0)
  return later !== 0 ? later : a.userid < b.userid ? -1 : 1
}
