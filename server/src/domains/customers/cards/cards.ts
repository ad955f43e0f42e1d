import { piecesOf, type Searchable, searchText } from './search-pieces.ts'

export const customerStatuses = ['alive', 'half', 'ended', 'lost'] as const
export type CustomerStatus = (typeof customerStatuses)[number]

/** What a card is made of: the customer and the sum of all relations. */
export interface CardFacts extends Searchable {
  readonly customerId: number
  readonly corpId: number
  readonly userids: readonly string[]
  readonly tagIds: readonly string[]
  readonly channelIds: readonly string[]
  readonly status: CustomerStatus
  readonly alive: number
  readonly lastAddedAt: Date
}

export interface Card extends CardFacts {
  readonly search: string
  readonly keys: readonly number[]
}

/** Names of what a list can be filtered by; their hashes stand in one array with one index. */
export const keyNames = {
  piece: (piece: string) => `p${piece}`,
  member: (userid: string) => `u${userid}`,
  tag: (tagId: string) => `t${tagId}`,
  channel: (channelId: string) => `c${channelId}`,
  status: (status: CustomerStatus) => `s${status}`,
} as const

/** The search row of a customer. Two keys may share a hash: every hit is compared with the real columns. */
export function cardOf(facts: CardFacts): Card {
  const keys = new Set<number>()
  for (const piece of piecesOf(facts)) keys.add(keyHash(piece, pieceSeed))
  for (const userid of facts.userids) keys.add(keyHash(keyNames.member(userid)))
  for (const tagId of facts.tagIds) keys.add(keyHash(keyNames.tag(tagId)))
  for (const channelId of facts.channelIds) keys.add(keyHash(keyNames.channel(channelId)))
  keys.add(keyHash(keyNames.status(facts.status)))
  return { ...facts, search: searchText(facts), keys: [...keys].sort((a, b) => a - b) }
}

/** A relation of somebody whom nobody knew before. */
interface FirstRelation {
  readonly customerId: number
  readonly name: string
  readonly userid: string
  readonly remark: string
  readonly tagIds: readonly string[]
  readonly createdAt: Date
}

/** The cards of people met for the first time, of whom these relations are all there is; none has a source. */
export function firstCards(
  relations: readonly FirstRelation[],
  corpId: number,
  pinyin: (name: string) => string,
): readonly Card[] {
  return [...Map.groupBy(relations, (one) => one.customerId)].map(([customerId, list]) => {
    const [first] = list
    const name = first?.name ?? ''
    return cardOf({
      ...{ customerId, corpId, name, pinyin: pinyin(name), channelIds: [], status: 'alive', alive: list.length },
      remarks: unique(list.map((one) => one.remark).filter((remark) => remark !== '')),
      userids: unique(list.map((one) => one.userid)),
      tagIds: unique(list.flatMap((one) => one.tagIds)),
      lastAddedAt: new Date(Math.max(...list.map((one) => one.createdAt.getTime()))),
    })
  })
}

function unique(values: readonly string[]): readonly string[] {
  return [...new Set(values)].sort()
}

/** FNV-1a over UTF-16 units, as PostgreSQL's signed integer. Stored: never to be changed without writing all cards anew. */
export function keyHash(text: string, seed = 0x811c9dc5): number {
  let hash = seed
  for (let at = 0; at < text.length; at += 1) {
    hash ^= text.charCodeAt(at)
    hash = Math.imul(hash, 0x01000193)
  }
  return hash | 0
}

/** A card has some forty pieces: their hashes go on from that of their first letter. */
const pieceSeed = keyHash(keyNames.piece(''))
