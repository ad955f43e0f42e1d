import { z } from 'zod'
import { endpoint } from '../endpoint.ts'
import { bytes, Cursor, chars, listOf, NextCursor, Nothing, oneOf, required, Seconds, upTo } from '../fields.ts'
import { DepartmentId, ExternalUserId, JobId, MediaId, MomentId, TagId, UserId } from '../ids.ts'
import { limitInForce } from '../limits.ts'

const code = 40058
const DAY_S = 86_400

/** All media of Moments come from `media/upload_attachment` with attachment_type 1. */
const Media = z.object({ media_id: MediaId })
const MomentAttachment = z.discriminatedUnion(
  'msgtype',
  [
    z.object({ msgtype: z.literal('image'), image: Media }),
    z.object({ msgtype: z.literal('video'), video: Media }),
    z.object({
      msgtype: z.literal('link'),
      link: z.object({
        title: z
          .string()
          .pipe(chars('moment.link_title_chars', { code }))
          .pipe(bytes('moment.link_title_bytes', { code }))
          .optional(),
        url: z.string().min(1),
        media_id: MediaId,
      }),
    }),
  ],
  '40058 invalid attachments msgtype',
)

const ofMember = { moment_id: required(41059, MomentId), userid: UserId }
/** More than the page's maximum falls back to its default. */
const page = { limit: z.int().positive().optional(), cursor: Cursor }
const errors = [40058, 41059, 41060, 48002]
const ofMemberErrors = [...errors, 40003, 41061, 41062, 50100, 60011, 60111]

const Person = z.object({
  external_userid: ExternalUserId.optional(),
  userid: UserId.optional(),
  create_time: Seconds,
})

/** Moments (客户朋友圈): a task for members, who publish each for himself. */
export const moments = {
  /**
   * Starts to make a task; what came of it is asked for by its job. Without a range all visible members of the app publish
   * to all of theirs; with tags (the corp's only) it is seen by their carriers alone.
   */
  add: endpoint({
    method: 'POST',
    path: '/cgi-bin/externalcontact/add_moment_task',
    doc: 95094,
    request: z
      .object({
        text: z
          .object({
            content: z
              .string()
              .pipe(chars('moment.text_chars', { code }))
              .pipe(bytes('moment.text_bytes', { code }))
              .optional(),
          })
          .optional(),
        /** Pictures, or one video, or one link. */
        attachments: upTo('moment.images', MomentAttachment, { code }).optional(),
        visible_range: z
          .object({
            sender_list: z
              .object({
                user_list: upTo('moment.senders_max', UserId, { code }).optional(),
                department_list: z.array(DepartmentId).optional(),
              })
              .optional(),
            external_contact_list: z.object({ tag_list: z.array(TagId).optional() }).optional(),
          })
          .optional(),
      })
      .refine(
        (m) => Boolean(m.text?.content) || Boolean(m.attachments?.length),
        '41089 text and attachments are both empty',
      )
      .refine(
        ({ attachments = [] }) => new Set(attachments.map(({ msgtype }) => msgtype)).size <= 1,
        '40058 invalid attachments msgtype',
      )
      .refine(
        ({ attachments = [] }) => attachments.length <= 1 || attachments[0]?.msgtype === 'image',
        '40058 invalid attachments size',
      ),
    response: z.object({ jobid: JobId }),
    repeat: 'never',
    errors: [40003, 40007, 40058, 41078, 41088, 41089, 41210, 41211, 48002],
    credential: ['app'],
    limits: ['moment.tasks_per_minute', 'moment.tasks_per_month', 'moment.job_ttl_s', 'media.ttl_s'],
  }),
  /** `status` 1 started, 2 at it, 3 done; only then `result` says which Moment it is and what was left out. */
  result: endpoint({
    method: 'GET',
    path: '/cgi-bin/externalcontact/get_moment_task_result',
    doc: 95094,
    request: z.object({ jobid: required(40058, JobId) }),
    response: z.object({
      status: z.int(),
      type: z.string(),
      result: z
        .object({
          errcode: z.int(),
          errmsg: z.string(),
          moment_id: MomentId.optional(),
          invalid_sender_list: z.object({ user_list: listOf(z.string()), department_list: listOf(z.int()) }).optional(),
          invalid_external_contact_list: z.object({ tag_list: listOf(z.string()) }).optional(),
        })
        .optional(),
    }),
    repeat: 'safe',
    errors: [40058, 48002],
    credential: ['app'],
    owner: 'app',
    limits: ['moment.job_ttl_s', 'moment.job_id_bytes'],
  }),
  /** Takes back what members have not published yet; what was published stays. */
  cancel: endpoint({
    method: 'POST',
    path: '/cgi-bin/externalcontact/cancel_moment_task',
    doc: 97612,
    request: z.object({ moment_id: required(41059, MomentId) }),
    response: Nothing,
    // There is nothing more to take back the second time.
    repeat: 'idempotent',
    errors: [...errors, 41067],
    credential: ['app'],
  }),
  /** The corp's and the members' own, by time of making; at most thirty days at once. */
  list: endpoint({
    method: 'POST',
    path: '/cgi-bin/externalcontact/get_moment_list',
    doc: 93333,
    request: z
      .object({
        start_time: Seconds,
        end_time: Seconds,
        creator: UserId.optional(),
        /** 0 the corp's, 1 members' own, 2 all. */
        filter_type: oneOf([0, 1, 2], { wrong: code }).optional(),
        ...page,
      })
      .refine((r) => r.end_time >= r.start_time, '40058 end_time is before start_time')
      .refine(
        (r) => r.end_time - r.start_time <= limitInForce('moment.list_span_days') * DAY_S,
        '40058 the span is longer than thirty days',
      ),
    response: z.object({
      next_cursor: NextCursor,
      moment_list: listOf(
        z.object({
          moment_id: MomentId,
          /** Absent for what came over the interface. */
          creator: z.string().optional(),
          create_time: Seconds,
          /** 0 the corp's, 1 a member's own. */
          create_type: z.int(),
          /** 0 some see it, 1 all. */
          visible_type: z.int(),
          text: z.object({ content: z.string() }).optional(),
          image: listOf(z.object({ media_id: z.string() })),
          video: z.object({ media_id: z.string(), thumb_media_id: z.string().optional() }).optional(),
          link: z.object({ title: z.string().optional(), url: z.string() }).optional(),
          location: z.object({ latitude: z.string(), longitude: z.string(), name: z.string() }).optional(),
        }),
      ),
    }),
    repeat: 'safe',
    errors: [40003, 40058, 48002, 50100],
    credential: ['app'],
    listing: true,
    limits: ['moment.list_span_days', 'moment.list_page_max'],
  }),
  /** Who was asked and has published (`publish_status` 0 not yet, 1 published); of the corp's only (41067). */
  tasks: endpoint({
    method: 'POST',
    path: '/cgi-bin/externalcontact/get_moment_task',
    doc: 93333,
    request: z.object({ moment_id: required(41059, MomentId), ...page }),
    response: z.object({
      next_cursor: NextCursor,
      task_list: listOf(z.object({ userid: UserId, publish_status: z.int() })),
    }),
    repeat: 'safe',
    errors: [...errors, 41067, 50100],
    credential: ['app'],
    limits: ['moment.result_page_default', 'moment.result_page_max'],
  }),
  /** Who was chosen to see it when the member published. */
  customers: endpoint({
    method: 'POST',
    path: '/cgi-bin/externalcontact/get_moment_customer_list',
    doc: 93333,
    request: z.object({ ...ofMember, ...page }),
    response: z.object({
      next_cursor: NextCursor,
      customer_list: listOf(z.object({ userid: UserId, external_userid: ExternalUserId })),
    }),
    repeat: 'safe',
    errors: ofMemberErrors,
    credential: ['app'],
    limits: ['moment.result_page_default', 'moment.result_page_max'],
  }),
  /** Who can truly see it in WeChat. */
  seenBy: endpoint({
    method: 'POST',
    path: '/cgi-bin/externalcontact/get_moment_send_result',
    doc: 93333,
    request: z.object({ ...ofMember, ...page }),
    response: z.object({
      next_cursor: NextCursor,
      customer_list: listOf(z.object({ external_userid: ExternalUserId })),
    }),
    repeat: 'safe',
    errors: ofMemberErrors,
    credential: ['app'],
    limits: ['moment.seen_page_default', 'moment.seen_page_max'],
  }),
  /** Who liked and who commented, and when; what they wrote is in no interface. */
  comments: endpoint({
    method: 'POST',
    path: '/cgi-bin/externalcontact/get_moment_comments',
    doc: 93333,
    request: z.object(ofMember),
    response: z.object({ comment_list: listOf(Person), like_list: listOf(Person) }),
    repeat: 'safe',
    errors: ofMemberErrors.filter((one) => one !== 50100),
    credential: ['app'],
  }),
}
