import { z } from 'zod'
import { endpoint } from '../../endpoint.ts'
import { atMost, chars } from '../../fields.ts'
import { limitInForce } from '../../limits.ts'
import { OpenId, UnionId } from '../ids.ts'
import { pages } from '../pages.ts'

export const login = {
  /** What a code of `wx.login` stands for; by appid and secret, without a token. The code is spent by the call. */
  code2Session: endpoint({
    method: 'GET',
    path: '/sns/jscode2session',
    doc: pages.login,
    request: z.object({
      appid: z.string({ error: '41002 missing' }).min(1, '41002 missing'),
      secret: z.string({ error: '41004 missing' }).min(1, '41004 missing'),
      js_code: z.string({ error: '41008 missing' }).min(1, '41008 missing'),
      grant_type: z.literal('authorization_code', '40002 grant_type is authorization_code'),
    }),
    response: z.object({ openid: OpenId, session_key: z.string(), unionid: UnionId.optional() }),
    repeat: 'never',
    errors: [40002, 40013, 40029, 40125, 40163, 40226, 41002, 41004, 41008, 45011],
    credential: ['none'],
    limits: ['mp.code_ttl_s'],
  }),
}

/** Digits, letters and these; no percent sign. */
const sceneChars = /^[0-9A-Za-z!#$&'()*+,/:;=?@\-._~]+$/
/** The same, and the percent sign. */
const queryChars = /^[0-9A-Za-z!#$&'()*+,/:;=?@\-._~%]*$/
const Page = z.string().regex(/^[^/?][^?]*$/, '40097 a page has no leading slash and no query')
const Env = z.enum(['release', 'trial', 'develop'])
const Channel = z.union([z.int().nonnegative(), z.string()])

/** 小程序码. */
export const wxacodes = {
  /** Any number of them, for ever. Success is the picture. */
  getUnlimited: endpoint({
    method: 'POST',
    path: '/wxa/getwxacodeunlimit',
    doc: pages.wxacode,
    request: z.object({
      scene: chars('mp.scene_chars', { min: 1, code: 40097 }).regex(sceneChars, '40097 a character of the scene'),
      page: Page.optional(),
      check_path: z.boolean().optional(),
      env_version: Env.optional(),
      width: z
        .int()
        .superRefine((width, context) => {
          const [min, max] = [limitInForce('mp.qr_width_min'), limitInForce('mp.qr_width_max')]
          if (width < min || width > max)
            context.addIssue({ code: 'custom', message: `40097 not from ${min} to ${max}` })
        })
        .optional(),
      auto_color: z.boolean().optional(),
      line_color: z.object({ r: Channel, g: Channel, b: Channel }).optional(),
      is_hyaline: z.boolean().optional(),
    }),
    response: z.object({ contentType: z.string(), bytes: z.instanceof(Uint8Array) }),
    repeat: 'safe',
    errors: [40097, 41030, 45009, 85079],
    credential: ['miniprogram'],
    binary: true,
    limits: ['mp.qr_per_minute', 'mp.qr_width_default'],
  }),
}

export const links = {
  /** A web address that opens the mini program, for at most thirty days: none lasts for ever any more. */
  generateUrlLink: endpoint({
    method: 'POST',
    path: '/wxa/generate_urllink',
    doc: pages.urlLink,
    request: z
      .object({
        path: z
          .string()
          .regex(/^\/?[^?]*$/, '40165 a path has no query')
          .optional(),
        query: chars('mp.link_query_chars', { code: 40212 })
          .regex(queryChars, '40212 a character of the query')
          .optional(),
        /** 0 at `expire_time`, 1 after `expire_interval` days. */
        expire_type: z.literal([0, 1]).optional(),
        expire_time: z.int().nonnegative().optional(),
        expire_interval: atMost('mp.link_days_max', { min: 1, code: 85401 }).optional(),
        env_version: Env.optional(),
      })
      .refine((r) => (r.expire_type === 1 ? r.expire_interval !== undefined : true), '85401 expire_interval is needed'),
    response: z.object({ url_link: z.string() }),
    // Another link to the same page does no harm.
    repeat: 'idempotent',
    errors: [40002, 40165, 40212, 44990, 45009, 85079, 85401],
    credential: ['miniprogram'],
    limits: ['mp.links_per_day'],
  }),
}
