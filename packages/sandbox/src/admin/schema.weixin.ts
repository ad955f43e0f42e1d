import { z } from 'zod'

/**
 * `PUT /sandbox/weixin/:account/callback` (`DELETE` ends it): verified by GET at once. With `aesKey` safe mode, without it
 * plain mode.
 */
export const WeixinCallback = z.object({
  url: z.url({ protocol: /^https?$/ }),
  token: z.string().regex(/^[a-zA-Z0-9]{3,32}$/),
  aesKey: z
    .string()
    .regex(/^[a-zA-Z0-9]{43}$/)
    .optional(),
})
export type WeixinCallback = z.infer<typeof WeixinCallback>

/**
 * `PUT /sandbox/weixin/:account/backend` (`DELETE` ends it): the mini program's own server. Whoever opens the mini program
 * is logged in there: `{appid, code, page, scene}` is posted as JSON, the code spent by it.
 */
export const WeixinBackend = z.object({ url: z.url({ protocol: /^https?$/ }) })

/** An Official Account or mini program; its interface (`api.weixin.qq.com`) is served below `/weixin`. */
export const WeixinAccountShown = z.object({
  /** `service` or `shop`. */
  key: z.string(),
  kind: z.enum(['official', 'miniprogram']),
  appId: z.string(),
  /** `gh_…` */
  originalId: z.string(),
  name: z.string(),
  /** Readable, because it is an emulator. */
  secret: z.string(),
  /** Bound to the brand's open-platform account: then it shows unionids. Setting `weixin.bound`. */
  bound: z.boolean(),
  templates: z.array(z.object({ id: z.string(), title: z.string(), fields: z.array(z.string()) })),
  callback: WeixinCallback.optional(),
  /** Of an Official Account. */
  followers: z.number().int().optional(),
})
export type WeixinAccountShown = z.infer<typeof WeixinAccountShown>
/** `GET /sandbox/weixin`; `baseUrl` takes the place of `https://api.weixin.qq.com`. */
export const WeixinResponse = z.object({ baseUrl: z.string(), accounts: z.array(WeixinAccountShown) })
export type WeixinResponse = z.infer<typeof WeixinResponse>
/** Answer of `PUT …/callback`; a failed verification is 409 with code `callback_unverified`. */
export const WeixinCallbackConfigured = z.object({ account: WeixinAccountShown, verifiedInMs: z.number() })
export type WeixinCallbackConfigured = z.infer<typeof WeixinCallbackConfigured>

/** `GET /sandbox/weixin/service/codes`: codes with a scene, newest first, at most 200. */
export const WeixinCodesResponse = z.object({
  codes: z.array(
    z.object({
      ticket: z.string(),
      scene: z.string(),
      permanent: z.boolean(),
      /** Give it to `oa/scan` or `scan`. */
      content: z.string(),
      /** Address of the picture, relative to the sandbox. */
      qr: z.string(),
      createdMs: z.number(),
      expiresMs: z.number().nullable(),
    }),
  ),
})
export type WeixinCodesResponse = z.infer<typeof WeixinCodesResponse>

/** `GET /sandbox/people/:id/weixin`: how somebody stands to the accounts, seen by nobody but the sandbox. */
export const PersonWeixin = z.object({
  accounts: z.array(
    z.object({
      key: z.string(),
      openId: z.string(),
      unionId: z.string().optional(),
      following: z.boolean().optional(),
      followedMs: z.number().optional(),
      scene: z.string().optional(),
      qrScene: z.string().optional(),
      /** Of each template: messages that he has agreed to and not yet got. */
      consents: z.record(z.string(), z.number().int()),
    }),
  ),
})
export type PersonWeixin = z.infer<typeof PersonWeixin>

/** `POST /sandbox/people/:id/oa/follow`: found by himself, not by a code. Answers `PersonWeixin`, as the next ones. */
export const OaFollowRequest = z.object({
  via: z.enum(['search', 'card', 'article', 'payment', 'other']).default('search'),
})
/** `POST …/oa/scan`: the picture's address, what it holds, or the ticket: follows, or tells SCAN. `…/oa/unfollow` takes nothing. */
export const OaScanRequest = z.object({ content: z.string().min(1).max(4096) })
/** `POST …/oa/write`: a message to the Official Account. The chat's peer is `app:service`. */
export const OaWriteRequest = z.object({ text: z.string().min(1).max(2000) })
/** `POST …/oa/menu`: a tap on the menu. */
export const OaMenuRequest = z
  .object({ key: z.string().min(1).max(128).optional(), url: z.url().optional() })
  .refine((r) => (r.key === undefined) !== (r.url === undefined), 'give exactly one of key and url')

/**
 * `POST …/miniprogram/open`: opens the mini program, by the content of a code or a link or by itself, in a customer group or
 * not. Members of staff open it inside WeCom (`wx.qy.login`).
 */
export const OpenMiniprogramRequest = z.object({
  content: z.string().max(4096).optional(),
  /** The group it was opened in. */
  chatId: z.string().optional(),
})
export const OpenedMiniprogram = z.object({
  account: z.string(),
  appId: z.string(),
  page: z.string(),
  /** What the page is given: of a code with a scene it is `scene=…`, encoded. */
  query: z.string(),
  /** Of `wx.login`; one use, five minutes. */
  code: z.string(),
  opengid: z.string().optional(),
  /** How the mini program's own server answered the log-in; absent when it has none. */
  login: z.enum(['acknowledged', 'refused', 'timeout', 'network']).optional(),
})
export type OpenedMiniprogram = z.infer<typeof OpenedMiniprogram>

/** `POST …/miniprogram/subscribe`: answers to `wx.requestSubscribeMessage`. Answers `PersonWeixin`. */
export const SubscribeRequest = z.object({
  templates: z.array(z.object({ id: z.string(), accept: z.boolean() })).min(1),
})
