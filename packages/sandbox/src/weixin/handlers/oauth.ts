import { Fail, fail } from '../../fail.ts'
import { hash } from '../../random.ts'
import type { Granted, Visit } from '../grants.ts'
import { byAppId, byCredential, type WeixinCall, type WeixinGroupHandlers } from './call.ts'

export const oauth: WeixinGroupHandlers<'oauth'> = {
  exchange(call, { appid, secret, code }) {
    const account = byCredential(call, appid, secret)
    if (account instanceof Fail) return account
    if (account.kind !== 'official') return fail(48001, 'api unauthorized')
    const { weixin } = call.platform
    const taken = weixin.grants.take(code, account.appKey)
    if (taken === 'used') return fail(40163, 'code been used')
    if (taken === 'expired') return fail(42003, 'code expired')
    if (taken === 'unknown') return fail(40029, 'invalid code')
    const { visit } = taken
    // the unionid is told of the whole scope only
    const unionId =
      visit.scope === 'snsapi_userinfo' && !visit.isSnapshot ? weixin.unionIdOf(account, visit.customer) : undefined
    return {
      ...granted(call, taken),
      ...(visit.isSnapshot ? { is_snapshotuser: 1 as const } : {}),
      ...(unionId === undefined ? {} : { unionid: unionId }),
    }
  },

  refresh(call, { appid, refresh_token }) {
    const account = byAppId(call, appid)
    if (account instanceof Fail) return account
    const renewed = call.platform.weixin.grants.refresh(refresh_token, account.appKey)
    if (renewed === 'unknown') return fail(40030, 'invalid refresh_token')
    if (renewed === 'expired') return fail(42002, 'refresh_token expired')
    return granted(call, renewed)
  },

  userInfo(call, { access_token, openid }) {
    const visit = visitOf(call, access_token, openid)
    if (visit instanceof Fail) return visit
    if (visit.scope !== 'snsapi_userinfo') return fail(48001, 'api unauthorized')
    const { weixin, world, address } = call.platform
    const account = weixin.accounts.get(visit.account)
    const unionId = account === undefined || visit.isSnapshot ? undefined : weixin.unionIdOf(account, visit.customer)
    return {
      openid: openIdOf(call, visit),
      // neither sex nor place of anybody since 2021-12-27
      nickname: visit.isSnapshot ? '微信用户' : world.customers.name(visit.customer),
      sex: 0,
      province: '',
      city: '',
      country: '',
      headimgurl: `${address.url}/faces/c${visit.customer}.svg`,
      privilege: [],
      ...(unionId === undefined ? {} : { unionid: unionId }),
    }
  },

  check(call, { access_token, openid }) {
    const visit = visitOf(call, access_token, openid)
    return visit instanceof Fail ? visit : {}
  },
}

function granted(call: WeixinCall, { token, expiresInS, refresh, visit }: Granted) {
  return {
    access_token: token,
    expires_in: expiresInS,
    refresh_token: refresh,
    openid: openIdOf(call, visit),
    scope: visit.scope,
  }
}

/** A virtual person has an openid that is nobody's. */
function openIdOf({ platform }: WeixinCall, { account, customer, isSnapshot }: Visit): string {
  const own = platform.weixin.accounts.get(account)?.openId(customer) ?? ''
  return isSnapshot
    ? `o${hash(customer, platform.world.seed + 95)
        .toString(36)
        .padStart(own.length - 1, 'S')}`
    : own
}

function visitOf(call: WeixinCall, token: string, openid: string): Visit | Fail {
  const visit = call.platform.weixin.grants.token(token)
  if (visit === 'unknown') return fail(40001, 'invalid credential, access_token is invalid or not latest')
  if (visit === 'expired') return fail(42001, 'access_token expired')
  return openIdOf(call, visit) === openid ? visit : fail(40003, 'invalid openid')
}
