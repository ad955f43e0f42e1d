import { z } from 'zod'
import { endpoint } from '../endpoint.ts'
import { atMost, Bit, bytes, chars, listOf, Nothing, oneOf, required, upTo } from '../fields.ts'
import { AgentId, DepartmentId, MediaId, MessageId, UserId } from '../ids.ts'
import { limitInForce, type NumericLimit } from '../limits.ts'
import { CardLook, cardErrors, TemplateCard } from './template-card.ts'

const code = 40058

/** Ids joined by `|`, at most that many. */
const joined = (max: NumericLimit) =>
  z.string().refine((ids) => ids.split('|').length <= limitInForce(max), {
    message: '40032 too many ids',
    params: { limit: max },
  })

const to = {
  /** `@all` for the app's whole visible range. */
  touser: joined('message.users_max').optional(),
  toparty: joined('message.parties_max').optional(),
  totag: joined('message.tags_max').optional(),
  agentid: AgentId,
  enable_id_trans: Bit.optional(),
  /** The same message to the same people within the interval is sent once. */
  enable_duplicate_check: Bit.optional(),
  duplicate_check_interval: atMost('message.duplicate_interval_max_s', { min: 1, code }).optional(),
}
const safe = { safe: Bit.optional() }
const Media = z.object({ media_id: MediaId })
const Url = bytes('message.url_bytes', { code })

const Article = z
  .object({
    title: z.string().min(1, '40058 title is empty'),
    description: z.string().optional(),
    url: Url.optional(),
    picurl: Url.optional(),
    appid: z.string().optional(),
    pagepath: bytes('message.pagepath_bytes', { code }).optional(),
  })
  .refine((article) => Boolean(article.appid) === Boolean(article.pagepath), '90204 appid and pagepath go together')
  .refine((article) => Boolean(article.url) || Boolean(article.appid), '41010 url or appid is needed')

const MpArticle = z.object({
  title: z.string().min(1, '40058 title is empty'),
  thumb_media_id: MediaId,
  author: bytes('message.author_bytes', { code }).optional(),
  content_source_url: z.string().optional(),
  content: bytes('message.mpnews_content_bytes', { min: 1, code: 45002 }),
  digest: z.string().optional(),
})

const NoticeTitle = chars('message.notice_title_chars', { min: 'message.notice_title_min_chars', code })
const Notice = z.object({
  appid: z.string().min(1, '90200 appid missing'),
  page: bytes('message.page_bytes', { code: 90204 }).optional(),
  title: NoticeTitle,
  description: NoticeTitle.optional(),
  emphasis_first_item: z.boolean().optional(),
  content_item: upTo(
    'message.notice_items_max',
    z.object({
      key: chars('message.notice_key_chars', { code: 90202 }).optional(),
      value: chars('message.notice_value_chars', { code: 90203 }).optional(),
    }),
    { code: 90201 },
  ).optional(),
})

/** What an app may say to members; too long texts, titles, descriptions and digests are cut by the platform, not refused. */
const Message = z.discriminatedUnion(
  'msgtype',
  [
    z.object({
      ...to,
      ...safe,
      msgtype: z.literal('text'),
      text: z.object({ content: z.string().min(1, '44004 empty') }),
    }),
    z.object({ ...to, ...safe, msgtype: z.literal('image'), image: Media }),
    z.object({ ...to, msgtype: z.literal('voice'), voice: Media }),
    z.object({
      ...to,
      ...safe,
      msgtype: z.literal('video'),
      video: Media.extend({ title: z.string().optional(), description: z.string().optional() }),
    }),
    z.object({ ...to, ...safe, msgtype: z.literal('file'), file: Media }),
    z.object({
      ...to,
      msgtype: z.literal('textcard'),
      textcard: z.object({
        title: z.string().min(1, '40058 title is empty'),
        description: z.string().min(1, '40058 description is empty'),
        url: bytes('message.url_bytes', { min: 1, code: 41010 }),
        btntxt: z.string().optional(),
      }),
    }),
    z.object({
      ...to,
      msgtype: z.literal('news'),
      news: z.object({ articles: upTo('message.articles_max', Article, { min: 1, code: 45008 }) }),
    }),
    z.object({
      ...to,
      safe: oneOf([0, 1, 2], { wrong: code }).optional(),
      msgtype: z.literal('mpnews'),
      mpnews: z.object({ articles: upTo('message.articles_max', MpArticle, { min: 1, code: 45008 }) }),
    }),
    z.object({
      ...to,
      msgtype: z.literal('markdown'),
      markdown: z.object({ content: bytes('message.markdown_bytes', { min: 1, code: 45002 }) }),
    }),
    // The mini program is the sender, so no agentid.
    z.object({
      ...to,
      agentid: AgentId.optional(),
      msgtype: z.literal('miniprogram_notice'),
      miniprogram_notice: Notice,
    }),
    z.object({ ...to, msgtype: z.literal('template_card'), template_card: TemplateCard }),
  ],
  '40008 msgtype is not known',
)

/** Messages to members, never to customers. */
export const messages = {
  /** Recipients that were refused come back joined by `|`; only when all are, it is an error (81013). */
  send: endpoint({
    method: 'POST',
    path: '/cgi-bin/message/send',
    doc: 90236,
    request: Message.refine(
      (m) => Boolean(m.touser) || Boolean(m.toparty) || Boolean(m.totag),
      '82001 touser, toparty and totag are all empty',
    ).refine(
      (m) => m.msgtype !== 'miniprogram_notice' || m.touser !== '@all',
      '40058 a mini program notice takes no @all',
    ),
    response: z.object({
      invaliduser: z.string().default(''),
      invalidparty: z.string().default(''),
      invalidtag: z.string().default(''),
      unlicenseduser: z.string().default(''),
      msgid: MessageId,
      /** To change a card later, once (72 h). */
      response_code: z.string().optional(),
    }),
    repeat: 'never',
    errors: [
      40003,
      40007,
      40008,
      40032,
      40056,
      40058,
      40094,
      41010,
      43012,
      44001,
      44004,
      45002,
      45008,
      81013,
      82001,
      82002,
      82003,
      85002,
      90200,
      90201,
      90202,
      90203,
      90204,
      90206,
      90207,
      90208,
      301002,
      ...cardErrors,
    ],
    credential: ['app'],
    limits: [
      'message.text_bytes',
      'message.title_bytes',
      'message.desc_bytes',
      'message.card_title_chars',
      'message.card_desc_chars',
      'message.card_button_chars',
      'message.duplicate_interval_default_s',
      'message.per_account_per_day',
      'message.per_member_per_minute',
      'message.per_member_per_hour',
      'message.response_code_ttl_s',
    ],
  }),
  /**
   * Changes a card that members can answer: its buttons become a text, or it becomes another card. The code came with the
   * card or with a member's answer and serves once, for `message.response_code_ttl_s`.
   */
  updateCard: endpoint({
    method: 'POST',
    path: '/cgi-bin/message/update_template_card',
    doc: 94888,
    request: z
      .object({
        userids: upTo('message.users_max', UserId, { code: 40032 }).optional(),
        partyids: upTo('message.parties_max', DepartmentId, { code: 82002 }).optional(),
        tagids: upTo('message.tags_max', z.int(), { code: 82003 }).optional(),
        /** 1: whoever got the card. */
        atall: Bit.optional(),
        agentid: AgentId,
        response_code: required(60140, z.string()),
        enable_id_trans: Bit.optional(),
        button: z.object({ replace_name: required(42020, z.string()) }).optional(),
        template_card: CardLook.optional(),
      })
      .refine(
        (u) => (u.button === undefined) !== (u.template_card === undefined),
        '40058 either button or template_card is needed',
      )
      .refine(
        (u) => u.atall === 1 || Boolean(u.userids?.length) || Boolean(u.partyids?.length) || Boolean(u.tagids?.length),
        '82001 userids, partyids and tagids are all empty',
      ),
    response: z.object({
      invaliduser: listOf(z.string()),
      invalidparty: listOf(z.int()),
      invalidtag: listOf(z.int()),
    }),
    // The code is spent by the first call.
    repeat: 'idempotent',
    errors: [40003, 40007, 40032, 40058, 42015, 42020, 60140, 81013, 82001, 82002, 82003, 90206, 301002, ...cardErrors],
    credential: ['app'],
    owner: 'app',
    limits: ['message.response_code_ttl_s'],
  }),
  /** Takes back a message of this app within `message.recall_s`. */
  recall: endpoint({
    method: 'POST',
    path: '/cgi-bin/message/recall',
    doc: 94867,
    request: z.object({ msgid: MessageId }),
    response: Nothing,
    repeat: 'idempotent',
    errors: [40058, 42052],
    credential: ['app'],
    owner: 'app',
    limits: ['message.recall_s'],
  }),
}
