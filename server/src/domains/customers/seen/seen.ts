import type { ExternalContact, FollowInfo } from '@nuanyu/wecom'

/** A customer and one of his relations, as the platform shows them at `readAt`. */
export interface SeenRelation {
  readonly externalUserid: string
  /** Of WeChat users, where a developer account is bound to the corp. */
  readonly unionid: string | undefined
  readonly name: string
  readonly avatar: string | undefined
  readonly gender: number
  readonly kind: number
  readonly corpName: string | undefined
  readonly userid: string
  readonly createdAt: Date
  readonly remark: string
  readonly description: string
  readonly remarkCorp: string | undefined
  /** Phone numbers that the member noted. */
  readonly mobiles: readonly string[]
  readonly addWay: number | undefined
  readonly state: string | undefined
  readonly tagIds: readonly string[]
  /** undefined: a batch page does not tell. */
  readonly personalTags: readonly string[] | undefined
  readonly readAt: Date
}

type Follow = Omit<FollowInfo, 'tag_id'> & {
  readonly tagIds: readonly string[]
  readonly personalTags?: readonly string[]
}

export function seenOf(contact: ExternalContact, follow: Follow, readAt: Date): SeenRelation {
  return {
    externalUserid: contact.external_userid,
    unionid: contact.unionid === '' ? undefined : contact.unionid,
    name: clean(contact.name),
    avatar: contact.avatar,
    gender: contact.gender,
    kind: contact.type,
    corpName: contact.corp_full_name ?? contact.corp_name,
    userid: follow.userid,
    createdAt: new Date(follow.createtime * 1000),
    remark: clean(follow.remark),
    description: clean(follow.description),
    remarkCorp: follow.remark_corp_name,
    mobiles: follow.remark_mobiles.map(clean).filter((mobile) => mobile !== ''),
    addWay: follow.add_way,
    state: follow.state === '' ? undefined : follow.state,
    tagIds: follow.tagIds,
    personalTags: follow.personalTags,
    readAt,
  }
}

/** PostgreSQL keeps no zero character, and half a surrogate pair is no text. */
function clean(text: string): string {
  return text.replaceAll('\u0000', '').toWellFormed()
}

export interface KnownRelation {
  readonly addedAt: Date | undefined
  readonly endedAt: Date | undefined
}

export type Judgement = 'known' | 'found' | 'ended' | 'young' | 'old'

/** The platform may date the relation a little before the event that told of it. */
const sameAddMs = 5_000

/**
 * What a relation at the platform means beside what we know of it.
 * - `known`: we were told of this add;
 * - `ended`: it ended after this add; a customer who deleted the member still stands in the member's list;
 * - `old`: from before the first sync, when nobody would have told us;
 * - `young`: its callback may still be on its way;
 * - `found`: nobody told us, and nobody will.
 */
export function judge(
  createdAt: Date,
  known: KnownRelation | undefined,
  times: { readonly baseline: Date; readonly youngAfter: Date },
): Judgement {
  const at = createdAt.getTime()
  if (known?.addedAt !== undefined && known.addedAt.getTime() >= at - sameAddMs) return 'known'
  if (known?.endedAt !== undefined && known.endedAt.getTime() >= at) return 'ended'
  if (at <= times.baseline.getTime()) return 'old'
  return at > times.youngAfter.getTime() ? 'young' : 'found'
}
