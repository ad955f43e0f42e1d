import { z } from 'zod'
import { Attachment } from '../attachments.ts'
import { endpoint } from '../endpoint.ts'
import { bytes, Cursor, listOf, NextCursor, Nothing, oneOf, required, Seconds, upTo } from '../fields.ts'
import { BroadcastId, ChatId, ExternalUserId, TagId, UserId } from '../ids.ts'
import { limitInForce } from '../limits.ts'

const code = 40058
const DAY_S = 86_400

const ChatType = z.enum(['single', 'group'], '40058 chat_type is not single or group')

/** Tags of one list count as «or», the lists as «and». */
const TagFilter = z.object({
  group_list: z.array(z.object({ tag_list: upTo('broadcast.tags_per_list_max', TagId, { min: 1, code }) })).min(1),
})

/** An attachment as it is read back: a mini program without its picture, a picture by its id where it has one. */
const ShownAttachment = z.discriminatedUnion('msgtype', [
  z.object({
    msgtype: z.literal('image'),
    image: z.object({ media_id: z.string().optional(), pic_url: z.string().optional() }),
  }),
  z.object({
    msgtype: z.literal('link'),
    link: z.object({
      title: z.string(),
      picurl: z.string().optional(),
      desc: z.string().optional(),
      url: z.string(),
    }),
  }),
  z.object({
    msgtype: z.literal('miniprogram'),
    miniprogram: z.object({ title: z.string(), appid: z.string(), page: z.string() }),
  }),
  z.object({ msgtype: z.literal('video'), video: z.object({ media_id: z.string() }) }),
  z.object({ msgtype: z.literal('file'), file: z.object({ media_id: z.string() }) }),
])

const Broadcast = z.object({
  msgid: BroadcastId,
  /** Who made it by hand; absent for what came over the interface. */
  creator: z.string().optional(),
  /** Seconds since 1970, as text on the page. */
  create_time: z.union([z.string(), Seconds]),
  /** 0 the corp's, 1 a member's own. */
  create_type: z.int(),
  text: z.object({ content: z.string() }).optional(),
  attachments: listOf(ShownAttachment),
})
export type Broadcast = z.output<typeof Broadcast>

/** More than the page's maximum falls back to its default. */
const page = { limit: z.int().positive().optional(), cursor: Cursor }
const ofOne = { msgid: required(41046, BroadcastId) }
const errors = [40058, 41046, 41047, 41063, 48002]

/** Mass sends (企业群发): a task for members, who confirm each for himself; nothing goes out by the call itself. */
export const broadcasts = {
  /**
   * Makes a task. `single` goes to the customers named, to those with the tags, or to all of the sender's; `group` to groups
   * of the sender, who is needed then. `fail_list` names who is unknown or cannot be sent to.
   */
  add: endpoint({
    method: 'POST',
    path: '/cgi-bin/externalcontact/add_msg_template',
    doc: 92135,
    request: z
      .object({
        chat_type: ChatType.default('single'),
        external_userid: upTo('broadcast.customers_max', ExternalUserId, { code }).optional(),
        chat_id_list: upTo('broadcast.groups_max', ChatId, { code }).optional(),
        /** Without effect beside external_userid. */
        tag_filter: TagFilter.optional(),
        sender: UserId.optional(),
        /** The member may leave customers out before he sends; single only. */
        allow_select: z.boolean().optional(),
        text: z.object({ content: bytes('broadcast.text_bytes', { code }).optional() }).optional(),
        attachments: upTo('broadcast.attachments', Attachment, { code: 41064 }).optional(),
      })
      .refine(
        (b) => Boolean(b.text?.content) || Boolean(b.attachments?.length),
        '40058 text and attachments are both empty',
      )
      .refine((b) => b.chat_type === 'single' || Boolean(b.sender), '40058 a send to groups needs a sender')
      .refine(
        (b) =>
          b.chat_type === 'group' ||
          Boolean(b.sender) ||
          Boolean(b.external_userid?.length) ||
          b.tag_filter !== undefined,
        '40058 sender, external_userid and tag_filter are all empty',
      ),
    response: z.object({ fail_list: z.array(z.string()).default([]), msgid: BroadcastId }),
    repeat: 'never',
    errors: [40003, 40007, 40058, 40068, 41048, 41064, 41065, 48002, 60011, 60111, 84074, 90206, 90207],
    credential: ['app'],
    limits: [
      'broadcast.cap_mode',
      'broadcast.weekly_cap',
      'broadcast.daily_cap',
      'broadcast.legacy_monthly_cap',
      'media.ttl_s',
    ],
  }),
  /** The corp's and the members' own, by time of making; at most a month at once. */
  list: endpoint({
    method: 'POST',
    path: '/cgi-bin/externalcontact/get_groupmsg_list_v2',
    doc: 93338,
    request: z
      .object({
        chat_type: ChatType,
        start_time: Seconds,
        end_time: Seconds,
        creator: UserId.optional(),
        /** 0 the corp's, 1 members' own, 2 all. */
        filter_type: oneOf([0, 1, 2], { wrong: code }).optional(),
        ...page,
      })
      .refine((r) => r.end_time >= r.start_time, '40058 end_time is before start_time')
      .refine(
        (r) => r.end_time - r.start_time <= limitInForce('broadcast.list_span_days') * DAY_S,
        '40058 the span is longer than a month',
      ),
    response: z.object({ next_cursor: NextCursor, group_msg_list: listOf(Broadcast) }),
    repeat: 'safe',
    errors: [40003, 40058, 48002, 50100],
    credential: ['app'],
    listing: true,
    limits: ['broadcast.list_span_days', 'broadcast.list_page_default', 'broadcast.list_page_max'],
  }),
  /** Who was asked and has sent (`status` 0 not yet, 2 sent). 41063 while the task is still being dispatched. */
  tasks: endpoint({
    method: 'POST',
    path: '/cgi-bin/externalcontact/get_groupmsg_task',
    doc: 93338,
    request: z.object({ ...ofOne, ...page }),
    response: z.object({
      next_cursor: NextCursor,
      task_list: listOf(z.object({ userid: UserId, status: z.int(), send_time: Seconds.optional() })),
    }),
    repeat: 'safe',
    errors: [...errors, 50100],
    credential: ['app'],
    limits: ['broadcast.result_page_default', 'broadcast.result_page_max'],
  }),
  /**
   * What became of one member's recipients: 0 not sent, 1 sent, 2 no friend, 3 has had too many mass sends. Of a send to
   * groups only those that were sent are told.
   */
  results: endpoint({
    method: 'POST',
    path: '/cgi-bin/externalcontact/get_groupmsg_send_result',
    doc: 93338,
    request: z.object({ ...ofOne, userid: UserId, ...page }),
    response: z.object({
      next_cursor: NextCursor,
      send_list: listOf(
        z.object({
          external_userid: ExternalUserId.optional(),
          chat_id: ChatId.optional(),
          userid: UserId,
          status: z.int(),
          send_time: Seconds.optional(),
        }),
      ),
    }),
    repeat: 'safe',
    errors: [...errors, 40003, 50100, 60011, 60111],
    credential: ['app'],
    limits: ['broadcast.result_page_default', 'broadcast.result_page_max'],
  }),
  /** Tells the members once more who have not sent yet. A second call is a second reminder. */
  remind: endpoint({
    method: 'POST',
    path: '/cgi-bin/externalcontact/remind_groupmsg_send',
    doc: 97610,
    request: z.object(ofOne),
    response: Nothing,
    repeat: 'never',
    errors: [...errors, 41093, 41094],
    credential: ['app'],
    limits: ['broadcast.reminds', 'broadcast.remind_window_s'],
  }),
  /** Takes back what members have not sent yet; what was sent stays. */
  cancel: endpoint({
    method: 'POST',
    path: '/cgi-bin/externalcontact/cancel_groupmsg_send',
    doc: 97611,
    request: z.object(ofOne),
    response: Nothing,
    // The second call answers 41093.
    repeat: 'idempotent',
    errors: [...errors, 41093],
    credential: ['app'],
  }),
}
