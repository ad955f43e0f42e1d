import { z } from 'zod'
import { endpoint } from '../../endpoint.ts'
import { Bit } from '../../fields.ts'
import { OpenId, UnionId } from '../ids.ts'
import { pages } from '../pages.ts'

const Appid = z.string({ error: '41002 missing' }).min(1, '41002 missing')
const UserToken = z.string({ error: '41001 missing' }).min(1, '41001 missing')

const Granted = z.object({
  /** Of this one person; not the account's own token. */
  access_token: z.string().min(1),
  expires_in: z.int().positive(),
  refresh_token: z.string().min(1),
  openid: OpenId,
  /** `snsapi_base` or `snsapi_userinfo`, several by commas. */
  scope: z.string(),
})

/**
 * 网页授权 of an Official Account: a page inside WeChat learns who opens it. The page sends him to
 * `weixinAuthorizeUrl`; he comes back with a code, silently with `snsapi_base`.
 */
export const oauth = {
  /** What a code stands for, by appid and secret; the code is spent. With `snsapi_base` there is no unionid. */
  exchange: endpoint({
    method: 'GET',
    path: '/sns/oauth2/access_token',
    doc: pages.oauthExchange,
    request: z.object({
      appid: Appid,
      secret: z.string({ error: '41004 missing' }).min(1, '41004 missing'),
      code: z.string({ error: '41008 missing' }).min(1, '41008 missing'),
      grant_type: z.literal('authorization_code', '40002 grant_type is authorization_code'),
    }),
    response: Granted.extend({
      /** Only of the scope `snsapi_userinfo`, of an account that is bound to an open-platform account. */
      unionid: UnionId.optional(),
      /** 1: a virtual person of WeChat's snapshot of the page, who must not be taken for anybody. */
      is_snapshotuser: Bit.optional(),
    }),
    repeat: 'never',
    errors: [40002, 40013, 40029, 40125, 40163, 41002, 41004, 41008, 42003],
    credential: ['none'],
    limits: ['oa.oauth_code_ttl_s', 'oa.oauth_token_ttl_s', 'oa.oauth_exchanges_per_minute'],
  }),
  /** A token that has ended becomes another; one that lives is lengthened. */
  refresh: endpoint({
    method: 'GET',
    path: '/sns/oauth2/refresh_token',
    doc: pages.oauthPage,
    request: z.object({
      appid: Appid,
      grant_type: z.literal('refresh_token', '40002 grant_type is refresh_token'),
      refresh_token: z.string({ error: '41003 missing' }).min(1, '41003 missing'),
    }),
    response: Granted,
    repeat: 'safe',
    errors: [40002, 40013, 40030, 41002, 41003, 42002],
    credential: ['none'],
    limits: ['oa.oauth_refresh_ttl_s'],
  }),
  /** Only of the scope `snsapi_userinfo`: 48001 otherwise. Since 2021-12-27 neither sex nor place is told. */
  userInfo: endpoint({
    method: 'GET',
    path: '/sns/userinfo',
    doc: pages.oauthPage,
    request: z.object({
      access_token: UserToken,
      openid: OpenId,
      lang: z.enum(['zh_CN', 'zh_TW', 'en']).optional(),
    }),
    response: z.object({
      openid: OpenId,
      nickname: z.string(),
      sex: z.int(),
      province: z.string(),
      city: z.string(),
      country: z.string(),
      headimgurl: z.string(),
      privilege: z.array(z.string()),
      unionid: UnionId.optional(),
    }),
    repeat: 'safe',
    errors: [40001, 40003, 41001, 42001, 48001],
    credential: ['none'],
  }),
  /** Whether a person's token is still good. */
  check: endpoint({
    method: 'GET',
    path: '/sns/auth',
    doc: pages.oauthPage,
    request: z.object({ access_token: UserToken, openid: OpenId }),
    response: z.object({}),
    repeat: 'safe',
    errors: [40001, 40003, 41001, 42001],
    credential: ['none'],
  }),
}

export type WeixinScope = 'snsapi_base' | 'snsapi_userinfo'

/**
 * Where a page sends a person of WeChat so that it learns who he is; he comes back to `back` with `code` and `state`, or
 * with `state` alone when he refuses. The order of the parameters and the fragment are WeChat's.
 *
 * @param site `https://open.weixin.qq.com`, or the sandbox's address
 * @param state letters and digits, at most 128
 */
export function weixinAuthorizeUrl(
  site: string,
  { appId, back, scope, state }: { appId: string; back: string; scope: WeixinScope; state: string },
): string {
  const page = new URL('/connect/oauth2/authorize', site)
  page.search = new URLSearchParams([
    ['appid', appId],
    ['redirect_uri', back],
    ['response_type', 'code'],
    ['scope', scope],
    ['state', state],
  ]).toString()
  page.hash = 'wechat_redirect'
  return page.href
}
