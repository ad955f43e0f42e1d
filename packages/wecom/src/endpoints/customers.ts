import { z } from 'zod'
import { endpoint } from '../endpoint.ts'
import { Cursor, chars, listOf, NextCursor, required, Seconds, upTo } from '../fields.ts'
import { ExternalUserId, MediaId, TagId, UserId } from '../ids.ts'
import { ExternalProfile } from './contacts.ts'

/**
 * A customer. `type` 1 WeChat, 2 WeCom; `gender` 0 unknown, 1 male, 2 female; `unionid` only for WeChat users of a
 * corp with a bound developer account; position, company and profile only for WeCom users (D92114).
 */
export const ExternalContact = z.object({
  external_userid: ExternalUserId,
  name: z.string().default(''),
  avatar: z.string().optional(),
  type: z.int(),
  gender: z.int().default(0),
  unionid: z.string().optional(),
  position: z.string().optional(),
  corp_name: z.string().optional(),
  corp_full_name: z.string().optional(),
  external_profile: ExternalProfile.optional(),
})
export type ExternalContact = z.output<typeof ExternalContact>

const WechatChannels = z.object({ nickname: z.string(), source: z.int() })

const followFields = {
  userid: UserId,
  remark: z.string().default(''),
  description: z.string().default(''),
  createtime: Seconds,
  remark_corp_name: z.string().optional(),
  remark_mobiles: listOf(z.string()),
  /** How the customer was added, see {@link addWays}. */
  add_way: z.int().optional(),
  wechat_channels: WechatChannels.optional(),
  /** Who added: the member's userid, or the customer's external_userid. */
  oper_userid: z.string().optional(),
  /** `state` of the contact way, or `customer_channel` of the acquisition link. */
  state: z.string().optional(),
}

/** One tag on a customer. `type` 1 corp, 2 personal (no id), 3 strategy. */
const FollowTag = z.object({
  group_name: z.string().default(''),
  tag_name: z.string(),
  tag_id: TagId.optional(),
  type: z.int(),
})

/** A member who follows the customer, with tag names. */
export const FollowUser = z.object({ ...followFields, tags: listOf(FollowTag) })
export type FollowUser = z.output<typeof FollowUser>

/** The same relation in a batch page: tag ids only, no personal tags (D92994). */
export const FollowInfo = z.object({ ...followFields, tag_id: listOf(TagId) })
export type FollowInfo = z.output<typeof FollowInfo>

/** Meaning of `add_way` (D92114). */
export const addWays: Readonly<Record<number, string>> = {
  0: 'unknown',
  1: 'scanned a QR code',
  2: 'searched a mobile number',
  3: 'shared card',
  4: 'group chat',
  5: 'phone contacts',
  6: 'WeChat contact',
  8: 'service person added on installing a third-party app',
  9: 'searched an email address',
  10: 'channels',
  11: 'participant of a calendar event',
  12: 'participant of a meeting',
  13: 'WeCom of a WeChat friend',
  14: 'exclusive service of smart hardware',
  15: 'door-to-door service',
  16: 'acquisition link',
  17: 'custom development',
  18: 'reply to a demand',
  21: 'third-party pre-sales',
  22: 'possible business partner',
  24: 'friend request received by the WeChat account',
  201: 'shared inside the corp',
  202: 'assigned by an administrator',
}

const scope = [40003, 48002, 60011, 60021, 60111, 84074]

export const customers = {
  /** Members with the customer-contact feature, of the visible range only. */
  listFollowUsers: endpoint({
    method: 'GET',
    path: '/cgi-bin/externalcontact/get_follow_user_list',
    doc: 92571,
    request: z.object({}),
    response: z.object({ follow_user: listOf(UserId) }),
    repeat: 'safe',
    errors: [48002],
    credential: ['app'],
    listing: true,
  }),
  /** All customers of one member, unpaged. */
  listExternalUserIds: endpoint({
    method: 'GET',
    path: '/cgi-bin/externalcontact/list',
    doc: 92113,
    request: z.object({ userid: UserId }),
    response: z.object({ external_userid: listOf(ExternalUserId) }),
    repeat: 'safe',
    errors: [...scope, 84061],
    credential: ['app'],
    listing: true,
  }),
  /** One customer with his followers; more than `customer.follow_users_page` followers come in pages. */
  get: endpoint({
    method: 'GET',
    path: '/cgi-bin/externalcontact/get',
    doc: 92114,
    request: z.object({ external_userid: required(41035, ExternalUserId), cursor: Cursor }),
    response: z.object({
      external_contact: ExternalContact,
      follow_user: listOf(FollowUser),
      next_cursor: NextCursor,
    }),
    repeat: 'safe',
    errors: [...scope, 40096, 41035, 84061, 50100],
    credential: ['app'],
  }),
  /** Details of all customers of up to 100 members, in pages. A larger `limit` is read as the maximum. */
  batchGetByUser: endpoint({
    method: 'POST',
    path: '/cgi-bin/externalcontact/batch/get_by_user',
    doc: 92994,
    request: z.object({
      userid_list: upTo('customer.batch_users_max', UserId, { min: 1, code: 40032 }),
      cursor: Cursor,
      limit: z.int().optional(),
    }),
    response: z.object({
      external_contact_list: listOf(z.object({ external_contact: ExternalContact, follow_info: FollowInfo })),
      next_cursor: NextCursor,
      fail_info: z.object({ unlicensed_userid_list: listOf(UserId) }).optional(),
    }),
    repeat: 'safe',
    errors: [...scope, 40031, 40032, 50100, 701008],
    credential: ['app'],
    listing: true,
    limits: ['customer.batch_page_default', 'customer.batch_page_max'],
  }),
  /** Changes what the member wrote about the customer; lists overwrite, `remark_mobiles: ['']` clears. */
  remark: endpoint({
    method: 'POST',
    path: '/cgi-bin/externalcontact/remark',
    doc: 92115,
    request: z
      .object({
        userid: UserId,
        external_userid: required(41035, ExternalUserId),
        remark: chars('customer.remark_chars', { code: 40058 }).optional(),
        description: chars('customer.description_chars', { code: 40058 }).optional(),
        /** WeChat contacts only. */
        remark_company: chars('customer.remark_company_chars', { code: 40058 }).optional(),
        remark_mobiles: z.array(z.string()).optional(),
        remark_pic_mediaid: MediaId.optional(),
      })
      .refine(
        (r) =>
          [r.remark, r.description, r.remark_company, r.remark_mobiles, r.remark_pic_mediaid].some(
            (v) => v !== undefined,
          ),
        '40058 at least one of remark, description, remark_company, remark_mobiles and remark_pic_mediaid is needed',
      ),
    response: z.object({}),
    // The same words written twice are the same words.
    repeat: 'idempotent',
    errors: [...scope, 40007, 40058, 40096, 41035, 84061],
    credential: ['app'],
    serial: true,
  }),
}
