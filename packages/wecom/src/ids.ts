import { z } from 'zod'
import { bytes } from './fields.ts'

/**
 * A branded id. What was parsed carries its brand; a caller may pass a plain string, but not an id of another kind,
 * so a userid cannot be passed for an external_userid.
 */
type Branded<Name extends string> = string & z.core.$brand<Name>
type Accepted<Name extends string> = string & Partial<z.core.$brand<Name>>

function id<Name extends string>(shape: z.ZodType<string>): z.ZodType<Branded<Name>, Accepted<Name>> {
  // The one place that turns a checked string into an id.
  return shape as unknown as z.ZodType<Branded<Name>, Accepted<Name>>
}

/** Longer than any id the platform gives; only keeps what is no id out. */
const longestId = 512
const opaque = () => z.string().min(1).max(longestId)

/** Corp id, `ww…` or the older `wx…`. */
export const CorpId = id<'CorpId'>(opaque())
export type CorpId = z.output<typeof CorpId>

/** Member of the corp: letters, digits and `-_.@` (D90196); compared without case by the platform. */
export const UserId = id<'UserId'>(
  bytes('contacts.userid_max_bytes', { code: 40003 }).regex(
    /^[A-Za-z0-9_.@-]+$/,
    '40003 a userid is made of letters, digits and -_.@',
  ),
)
export type UserId = z.output<typeof UserId>

/** Customer: `wm…` a WeChat user, `wo…` a WeCom user, `wb…` a robot (D92323). */
export const ExternalUserId = id<'ExternalUserId'>(opaque())
export type ExternalUserId = z.output<typeof ExternalUserId>

/** Code of an add event with which one welcome may be sent (D92137). */
export const WelcomeCode = id<'WelcomeCode'>(opaque())
export type WelcomeCode = z.output<typeof WelcomeCode>

/** Contact way or join way (D92228, D92229). */
export const ConfigId = id<'ConfigId'>(opaque())
export type ConfigId = z.output<typeof ConfigId>

/** Acquisition link, `ca…` (D97297). */
export const LinkId = id<'LinkId'>(opaque())
export type LinkId = z.output<typeof LinkId>

/** Customer group, `wr…` (D92122). */
export const ChatId = id<'ChatId'>(opaque())
export type ChatId = z.output<typeof ChatId>

/** Corp tag, `et…`, or strategy tag, `st…` (D92117). */
export const TagId = id<'TagId'>(opaque())
export type TagId = z.output<typeof TagId>

/** Group of corp tags (D92117). */
export const TagGroupId = id<'TagGroupId'>(opaque())
export type TagGroupId = z.output<typeof TagGroupId>

/** Uploaded file; lives for `media.ttl_s` (D90253). */
export const MediaId = id<'MediaId'>(opaque())
export type MediaId = z.output<typeof MediaId>

/** Group welcome template (D92366). */
export const TemplateId = id<'TemplateId'>(opaque())
export type TemplateId = z.output<typeof TemplateId>

/** App message, to recall it by (D94867). */
export const MessageId = id<'MessageId'>(opaque())
export type MessageId = z.output<typeof MessageId>

/** Mass send to customers or customer groups (D92135). */
export const BroadcastId = id<'BroadcastId'>(opaque())
export type BroadcastId = z.output<typeof BroadcastId>

/** Moment of a member or the corp, `mom…` (D93333). */
export const MomentId = id<'MomentId'>(opaque())
export type MomentId = z.output<typeof MomentId>

/** Work that the platform does by and by, for `moment.job_ttl_s` (D95094). */
export const JobId = id<'JobId'>(bytes('moment.job_id_bytes', { min: 1, code: 40058 }))
export type JobId = z.output<typeof JobId>

/** App of a corp (D90227). */
export const AgentId = z.int().nonnegative().brand<'AgentId'>()
export type AgentId = z.output<typeof AgentId>

/** Department; the root is 1 (D90208). */
export const DepartmentId = z.int().nonnegative().brand<'DepartmentId'>()
export type DepartmentId = z.output<typeof DepartmentId>
