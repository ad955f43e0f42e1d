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
  templates: z.array(
    z.object({
      id: z.string(),
      title: z.string(),
      fields: z.array(z.string()),
      /** `template`: 模板消息 to followers. `subscribe`: one agreement, one message. */
      use: z.enum(['template', 'subscribe']),
    }),
  ),
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

const MenuLeafShown = z.object({
  name: z.string(),
  /** `click`, `view`, `miniprogram`, …; of one with buttons below it none. */
  type: z.string().optional(),
  key: z.string().optional(),
  url: z.string().optional(),
  appid: z.string().optional(),
  pagepath: z.string().optional(),
})

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
      /** Templates that he refuses in his settings, whatever he answers. */
      refused: z.array(z.string()),
      /** He refuses all messages of the account. */
      blocked: z.boolean(),
      /** Of the Official Account: the menu that the brand made and he sees. */
      menu: z.array(MenuLeafShown.extend({ below: z.array(MenuLeafShown) })).optional(),
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
/** `POST …/oa/menu`: a tap on a button of the menu he sees; refused with `no_such_button` when there is none such. */
export const OaMenuRequest = z
  .object({
    key: z.string().min(1).max(128).optional(),
    url: z.url().optional(),
    /** Of a button that opens a mini program. */
    pagepath: z.string().min(1).optional(),
  })
  .refine(
    (r) => [r.key, r.url, r.pagepath].filter((one) => one !== undefined).length === 1,
    'give exactly one of key, url and pagepath',
  )

/** `POST …/oa/receive`: 接收消息 on the account's page. Nobody is told; template messages end as `failed:user block`. */
export const OaReceiveRequest = z.object({ receive: z.boolean() })
/** `POST …/weixin/template`: messages of one template off or on again, in his settings. */
export const TemplateSettingRequest = z.object({
  account: z.enum(['service', 'shop']),
  template: z.string().min(1),
  receive: z.boolean(),
})

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

/** `POST …/miniprogram/subscribe`: answers to `wx.requestSubscribeMessage`. `service`: asked on its page. Answers `PersonWeixin`. */
export const SubscribeRequest = z.object({
  account: z.enum(['service', 'shop']).default('shop'),
  templates: z.array(z.object({ id: z.string(), accept: z.boolean() })).min(1),
})
