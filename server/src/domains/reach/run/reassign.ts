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
  /** Since when it is his exclusive one. */
  readonly ownedAt: Date | null
  /** When the two last chatted, as far as anybody told. */
  readonly chattedAt: Date | null
}

export type Trouble = Extract<SenderReason, 'sender_away' | 'not_in_set' | 'sender_gone'>

export interface Members {
  /** Why he cannot be asked; undefined: he can. */
  trouble(userid: string): Trouble | undefined
  /** How many more of this run's customers he may have. */
  room(userid: string): number
}

export interface Reassigned {
  readonly given: ReadonlyMap<number, { readonly userid: string; readonly externalUserid: string }>
  readonly listed: ReadonlyMap<number, SenderReason>
}

/** The nearest to sending first. */
const nearest: readonly Trouble[] = ['sender_away', 'not_in_set', 'sender_gone']

/**
 * Offers customers to members who also have the relation, in the order of the plan; nobody is given to whom he does not know,
 * nor to whom he was given in vain before. Who is left is listed with the reason that comes nearest to sending; who has
 * nobody else, with what is wrong with the one he has.
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
    const able = others.filter(({ userid }) => members.trouble(userid) === undefined)
    const free = able.filter(({ userid }) => (taken.get(userid) ?? 0) < members.room(userid))
    const [chosen] = free.sort(inTurn)
    if (chosen === undefined) {
      const troubles = new Set(others.map(({ userid }) => members.trouble(userid)))
      listed.set(customerId, able.length > 0 ? 'sender_full' : (nearest.find((one) => troubles.has(one)) ?? alone))
      continue
    }
    taken.set(chosen.userid, (taken.get(chosen.userid) ?? 0) + 1)
    given.set(customerId, { userid: chosen.userid, externalUserid: chosen.externalUserid })
  }
  return { given, listed }
}

/** `senderOrder` of the plan: his exclusive owner, who last chatted, who added him last. */
export function inTurn(a: OtherRelation, b: OtherRelation): number {
  const latest = (of: (one: OtherRelation) => Date | null) => (of(b)?.getTime() ?? 0) - (of(a)?.getTime() ?? 0)
  const later = latest((one) => one.ownedAt) || latest((one) => one.chattedAt) || latest((one) => one.addedAt)
  return later !== 0 ? later : a.userid < b.userid ? -1 : 1
}
