import { z } from 'zod'
import { endpoint } from '../../endpoint.ts'
import { atMost, Bit, chars, listOf, Seconds, upTo } from '../../fields.ts'
import { OpenId, UnionId } from '../ids.ts'
import { pages } from '../pages.ts'

const Lang = z.enum(['zh_CN', 'zh_TW', 'en']).optional()

/** `subscribe` 0: nothing else is told of somebody who does not follow. Neither name nor picture since 2021-12-27. */
export const Follower = z.object({
  subscribe: Bit,
  openid: OpenId,
  language: z.string().optional(),
  /** Seconds; of the latest follow. */
  subscribe_time: Seconds.optional(),
  /** Only of an account that is bound to an open-platform account. */
  unionid: UnionId.optional(),
  remark: z.string().optional(),
  groupid: z.int().optional(),
  tagid_list: z.array(z.int()).optional(),
  /**
   * `ADD_SCENE_` with SEARCH, ACCOUNT_MIGRATION, PROFILE_CARD, QR_CODE, PROFILE_LINK, PROFILE_ITEM, PAID,
   * WECHAT_ADVERTISEMENT, REPRINT, LIVESTREAM, CHANNELS or OTHERS.
   */
  subscribe_scene: z.string().optional(),
  qr_scene: z.int().optional(),
  qr_scene_str: z.string().optional(),
})
export type Follower = z.output<typeof Follower>

export const followers = {
  get: endpoint({
    method: 'GET',
    path: '/cgi-bin/user/info',
    doc: pages.userInfo,
    request: z.object({ openid: OpenId, lang: Lang }),
    response: Follower,
    repeat: 'safe',
    errors: [40003, 48001],
    credential: ['official'],
  }),
  batchGet: endpoint({
    method: 'POST',
    path: '/cgi-bin/user/info/batchget',
    doc: pages.userInfo,
    request: z.object({
      user_list: upTo('oa.user_batch_max', z.object({ openid: OpenId, lang: Lang }), { min: 1, code: 40035 }),
    }),
    response: z.object({ user_info_list: listOf(Follower) }),
    repeat: 'safe',
    errors: [40003, 40035, 48001],
    credential: ['official'],
  }),
  /** Who follows, from after `next_openid` on; the answer's `next_openid` is the page's last one, empty at the end. */
  list: endpoint({
    method: 'GET',
    path: '/cgi-bin/user/get',
    doc: pages.userList,
    request: z.object({ next_openid: z.string().optional() }),
    response: z.object({
      total: z.int().nonnegative(),
      count: z.int().nonnegative(),
      data: z.object({ openid: listOf(OpenId) }).optional(),
      next_openid: z.string().default(''),
    }),
    repeat: 'safe',
    errors: [40003, 48001],
    credential: ['official'],
    limits: ['oa.user_page_max'],
  }),
}

const permanent = new Set(['QR_LIMIT_SCENE', 'QR_LIMIT_STR_SCENE'])
const byText = new Set(['QR_STR_SCENE', 'QR_LIMIT_STR_SCENE'])

/** Codes whose scan follows the account and tells the scene. */
export const qrcodes = {
  create: endpoint({
    method: 'POST',
    path: '/cgi-bin/qrcode/create',
    doc: pages.qrcode,
    request: z
      .object({
        /** Of temporary codes only. */
        expire_seconds: atMost('oa.qr_temp_ttl_max_s', { min: 1, code: 40035 }).optional(),
        action_name: z.enum(['QR_SCENE', 'QR_STR_SCENE', 'QR_LIMIT_SCENE', 'QR_LIMIT_STR_SCENE'], '40053 action_name'),
        action_info: z.object(
          {
            scene: z.object({
              scene_id: atMost('oa.qr_scene_id_max', { min: 1, code: 40129 }).optional(),
              scene_str: chars('oa.qr_scene_chars', { min: 1, code: 40129 }).optional(),
            }),
          },
          '40053 action_info',
        ),
      })
      .refine(
        ({ action_name, action_info: { scene } }) =>
          (byText.has(action_name) ? scene.scene_str : scene.scene_id) !== undefined,
        '40129 the scene does not fit the action',
      ),
    response: z.object({ ticket: z.string(), expire_seconds: z.int().optional(), url: z.string() }),
    // A second code for the same scene does no harm; a permanent one is the same again.
    repeat: 'idempotent',
    errors: [40035, 40053, 40129, 45029, 48001],
    credential: ['official'],
    limits: ['oa.qr_temp_ttl_default_s', 'oa.qr_permanent_max', 'oa.qr_permanent_scene_id_max'],
  }),
}

/** Whether a code of this action lasts for ever. */
export const isPermanentCode = (action: string): boolean => permanent.has(action)
export const hasTextScene = (action: string): boolean => byText.has(action)
