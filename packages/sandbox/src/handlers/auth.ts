import { fail } from '../fail.ts'
import type { GroupHandlers } from '../http/call.ts'

export const auth: GroupHandlers<'auth'> = {
  getToken({ platform, ip, secrets }, { corpid, corpsecret }) {
    if (corpid !== platform.world.corpId) return fail(40013, 'invalid corpid')
    const app = [...platform.apps.values()].find((one) => one.secret === corpsecret)
    if (app === undefined || platform.settings.value.apps[app.appKey]?.enabled !== true) {
      secrets.wrong(ip)
      return fail(40001, 'invalid credential')
    }
    secrets.right(ip)
    const trusted = platform.settings.value.apps[app.appKey]?.trustedIps
    if (trusted !== null && trusted !== undefined && !trusted.includes(ip))
      return fail(60020, 'not allow to access from your ip')
    const { token, expiresInS } = platform.tokens.issue(app)
    return { access_token: token, expires_in: expiresInS }
  },
}
