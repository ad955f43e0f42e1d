import { z } from 'zod'
import { endpoint } from '../endpoint.ts'
import { atMost, bytes, Cursor, chars, listOf, NextCursor, oneOf, required, Seconds, upTo } from '../fields.ts'
import { ConfigId, DepartmentId, ExternalUserId, MediaId, UserId } from '../ids.ts'

/** What ends a temporary session: text and one other; of several the platform takes image, link, mini program. */
const Conclusions = z
  .object({
    text: z.object({ content: bytes('contact_way.conclusion_text_bytes', { code: 40058 }) }).optional(),
    image: z.object({ media_id: MediaId.optional(), pic_url: z.string().optional() }).optional(),
    link: z
      .object({
        title: bytes('attachment.title_bytes', { min: 1, code: 40058 }),
        picurl: z.string().optional(),
        desc: bytes('attachment.desc_bytes', { code: 40058 }).optional(),
        url: z.string().min(1),
      })
      .optional(),
    miniprogram: z
      .object({
        title: bytes('attachment.miniprogram_title_bytes', { min: 1, code: 40058 }),
        pic_media_id: MediaId,
        appid: z.string().min(1),
        page: z.string().min(1),
      })
      .optional(),
  })
  .refine((c) => c.text ?? c.image ?? c.link ?? c.miniprogram, '40058 conclusions are empty')

const changeable = {
  remark: chars('contact_way.remark_chars', { code: 40058 }).optional(),
  /** Whether the customer is added without the member's confirmation; the platform's default is true. */
  skip_verify: z.boolean().optional(),
  /** Look of the mini program's button: scene 1 only. */
  style: oneOf([1, 2, 3], { wrong: 41042 }).optional(),
  /** Comes back in the add callback and in the customer's detail. */
  state: chars('state.max_chars', { code: 40058 }).optional(),
  user: upTo('contact_way.max_users', UserId, { code: 41041 }).optional(),
  /** Departments; type 2 only. Their members count towards `contact_way.max_users`. */
  party: z.array(DepartmentId).optional(),
  /** The next four are of temporary sessions (medical industry). Seconds. */
  expires_in: atMost('contact_way.temp_ttl_max_s', { min: 1, code: 40058 }).optional(),
  chat_expires_in: atMost('contact_way.chat_ttl_max_s', { min: 1, code: 40058 }).optional(),
  unionid: z.string().optional(),
  conclusions: Conclusions.optional(),
  /** Whether the source is marked; only apps of the class 营销获客. */
  mark_source: z.boolean().optional(),
}

export const ContactWay = z.object({
  config_id: ConfigId,
  type: z.int(),
  scene: z.int(),
  style: z.int().optional(),
  remark: z.string().default(''),
  skip_verify: z.boolean().default(true),
  state: z.string().default(''),
  /** Address of a picture, not of a page; scene 2 only. */
  qr_code: z.string().optional(),
  user: listOf(UserId),
  party: listOf(DepartmentId),
  is_temp: z.boolean().default(false),
  expires_in: z.int().optional(),
  chat_expires_in: z.int().optional(),
  unionid: z.string().optional(),
  mark_source: z.boolean().optional(),
  conclusions: z.unknown().optional(),
})
export type ContactWay = z.output<typeof ContactWay>

const memberErrors = [40003, 40058, 40066, 41041, 41042, 41054, 60003, 60011, 60021, 60111, 48002, 84074]

export const contactWays = {
  /** Makes a contact way; `type` 1 one member, 2 several; `scene` 1 mini program, 2 QR code: both for ever. */
  add: endpoint({
    method: 'POST',
    path: '/cgi-bin/externalcontact/add_contact_way',
    doc: 92228,
    request: z
      .object({
        type: oneOf([1, 2], { missing: 41037, wrong: 41039 }),
        scene: oneOf([1, 2], { missing: 41038, wrong: 41040 }),
        ...changeable,
        is_temp: z.boolean().optional(),
        /** Customers of one external company prefer one member; neither readable nor changeable later. */
        is_exclusive: z.boolean().optional(),
      })
      .superRefine((way, context) => {
        const issue = (message: string, path: string) => context.addIssue({ code: 'custom', message, path: [path] })
        if (way.type === 1 && way.user?.length !== 1) issue('40058 type 1 takes exactly one user', 'user')
        if (way.type === 1 && (way.party?.length ?? 0) > 0) issue('40058 party is for type 2', 'party')
        if (way.type === 2 && !way.user?.length && !way.party?.length) issue('40058 user and party are empty', 'user')
        if (way.type === 2 && way.style === 3) issue('41042 style 3 is for type 1', 'style')
        if (way.is_temp === true && way.type !== 1) issue('40058 a temporary session takes one member', 'is_temp')
      }),
    response: z.object({ config_id: ConfigId, qr_code: z.string().optional() }),
    repeat: 'never',
    errors: [...memberErrors, 41037, 41038, 41039, 41040, 41045, 41057],
    credential: ['app'],
    limits: ['contact_way.max_count', 'contact_way.temp_per_day'],
  }),
  get: endpoint({
    method: 'POST',
    path: '/cgi-bin/externalcontact/get_contact_way',
    doc: 92228,
    request: z.object({ config_id: required(41043, ConfigId) }),
    response: z.object({ contact_way: ContactWay }),
    repeat: 'safe',
    errors: [41043, 41044, 48002],
    credential: ['app'],
    owner: 'app',
  }),
  /** Ids of the ways made after 2021-07-10, without temporary ones. Times in seconds. */
  list: endpoint({
    method: 'POST',
    path: '/cgi-bin/externalcontact/list_contact_way',
    doc: 92228,
    request: z.object({
      start_time: Seconds.optional(),
      end_time: Seconds.optional(),
      cursor: Cursor,
      limit: atMost('contact_way.list_page_max', { min: 1, code: 40058 }).optional(),
    }),
    response: z.object({ contact_way: listOf(z.object({ config_id: ConfigId })), next_cursor: NextCursor }),
    repeat: 'safe',
    errors: [40058, 48002, 50100],
    credential: ['app'],
    owner: 'app',
    listing: true,
    limits: ['contact_way.list_page_default', 'contact_way.list_default_days'],
  }),
  /** Lists overwrite what was there; type and scene cannot be changed. */
  update: endpoint({
    method: 'POST',
    path: '/cgi-bin/externalcontact/update_contact_way',
    doc: 92228,
    request: z.object({ config_id: required(41043, ConfigId), ...changeable }),
    response: z.object({}),
    repeat: 'idempotent',
    errors: [...memberErrors, 41043, 41044],
    credential: ['app'],
    owner: 'app',
    serial: true,
  }),
  remove: endpoint({
    method: 'POST',
    path: '/cgi-bin/externalcontact/del_contact_way',
    doc: 92228,
    request: z.object({ config_id: required(41043, ConfigId) }),
    response: z.object({}),
    // A second deletion answers 41044.
    repeat: 'idempotent',
    errors: [41043, 41044, 48002],
    credential: ['app'],
    owner: 'app',
  }),
  /** Ends a live temporary session, which sends its conclusion. */
  closeTempChat: endpoint({
    method: 'POST',
    path: '/cgi-bin/externalcontact/close_temp_chat',
    doc: 92228,
    request: z.object({ userid: UserId, external_userid: required(41035, ExternalUserId) }),
    response: z.object({}),
    repeat: 'never',
    errors: [40003, 40096, 41035, 48002, 60111, 84061],
    credential: ['app'],
  }),
}
