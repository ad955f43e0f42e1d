import { Fail, fail } from '../../fail.ts'
import { byCredential, type WeixinGroupHandlers } from './call.ts'

export const auth: WeixinGroupHandlers<'auth'> = {
  getToken(call, { appid, secret }) {
    const account = byCredential(call, appid, secret)
    if (account instanceof Fail) return account
    const { token, expiresInS } = call.platform.weixin.tokens.issue(account)
    return { access_token: token, expires_in: expiresInS }
  },
  getStableToken(call, { appid, secret, force_refresh = false }) {
    const account = byCredential(call, appid, secret)
    if (account instanceof Fail) return account
    const { weixin, settings } = call.platform
    if (!weixin.desk.ofToday(`stable ${account.appKey}`, settings.limits.value('oa.stable_token_per_day')))
      return fail(45009, 'reach max api daily quota limit')
    const issued = weixin.tokens.stable(account, force_refresh)
    return issued instanceof Fail ? issued : { access_token: issued.token, expires_in: issued.expiresInS }
  },
}

export const login: WeixinGroupHandlers<'login'> = {
  code2Session(call, { appid, secret, js_code }) {
    const account = byCredential(call, appid, secret)
    if (account instanceof Fail) return account
    const { weixin } = call.platform
    const taken = weixin.logins.take(js_code, account.appKey)
    if (taken === 'used') return fail(40163, 'code been used')
    // a member's code is for the interface of WeCom
    if (typeof taken === 'string' || !('customer' in taken.visitor)) return fail(40029, `invalid code`)
    const { customer } = taken.visitor
    const unionId = weixin.unionIdOf(account, customer)
    return {
      openid: account.openId(customer),
      session_key: taken.sessionKey,
      ...(unionId === undefined ? {} : { unionid: unionId }),
    }
  },
}
