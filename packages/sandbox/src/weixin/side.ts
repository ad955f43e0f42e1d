import { findWeixinEndpoint, findWeixinEndpointByPath } from '@nuanyu/wecom'
import { Fail, fail } from '../fail.ts'
import { handlerOf, type Side } from '../http/side.ts'
import type { Platform } from '../platform.ts'
import { hash } from '../random.ts'
import type { WeixinAccount } from './accounts.ts'
import type { WeixinCall } from './handlers/call.ts'
import { weixinHandlers } from './handlers/index.ts'

const SPACE = '/weixin'
const MINUTE_S = 60

/** Reads whose success says `errcode: 0`; all others are bare. */
const CODED_READS = new Set(['/cgi-bin/menu/delete', '/sns/auth', '/wxaapi/newtmpl/gettemplate'])
/** Writes whose success is bare. */
const BARE_WRITES = new Set([
  '/cgi-bin/stable_token',
  '/cgi-bin/qrcode/create',
  '/cgi-bin/user/info/batchget',
  '/cgi-bin/menu/addconditional',
  '/cgi-bin/menu/trymatch',
  '/cgi-bin/tags/create',
])

/** Who has no token yet. */
interface Nobody {
  readonly appKey: ''
}
const NOBODY: Nobody = { appKey: '' }

/** api.weixin.qq.com, served below `/weixin`: some of its paths are WeCom's too. */
export function weixinSide(platform: Platform): Side<WeixinAccount | Nobody> {
  const { clock, faults, settings, weixin, world } = platform
  const accountOf = (query: URLSearchParams): WeixinAccount | Fail => {
    const token = query.get('access_token')
    if (token === null || token === '') return fail(41001, 'access_token missing')
    const key = weixin.tokens.check(token)
    if (key instanceof Fail) return key
    return weixin.accounts.get(key) ?? fail(40001, 'invalid credential')
  }
  return {
    find(method, path) {
      const plain = path.slice(SPACE.length)
      return findWeixinEndpoint(method, plain) ?? findWeixinEndpointByPath(plain)
    },
    admission: (frequency) => ({
      appOf(query) {
        const account = accountOf(query)
        return account instanceof Fail ? undefined : account
      },
      admit(endpoint, query, ip) {
        const { ipWhitelist } = settings.value.weixin
        if (ipWhitelist !== null && !ipWhitelist.includes(ip)) return fail(40164, `invalid ip ${ip}, not in whitelist`)
        const open = endpoint.credential.includes('none')
        const token = query.get('access_token') ?? ''
        const known = weixin.tokens.check(token)
        const target = { path: `${SPACE}${endpoint.path}`, appKey: known instanceof Fail ? undefined : known }
        if (!open && faults.hit(target, ['token_revoked']) !== undefined) weixin.tokens.revoke(token)
        const account = open ? NOBODY : accountOf(query)
        if (account instanceof Fail) return account
        for (const name of endpoint.limits ?? []) {
          const { unit, value } = settings.limits.entry(name)
          if (unit !== 'count/min') continue
          const over = frequency.countOwn(`${account.appKey} ${endpoint.path}`, Number(value), MINUTE_S)
          if (over !== undefined) return over
        }
        if ('kind' in account && !endpoint.credential.includes(account.kind)) return fail(48001, 'api unauthorized')
        return account
      },
    }),
    handle(named, call, request) {
      // An endpoint with a token is admitted with its account only.
      const account = 'kind' in call.app ? call.app : undefined
      return handlerOf<WeixinCall>(weixinHandlers, named)({ platform, account }, request)
    },
    errmsg({ detail }, served) {
      const rid = `${Math.floor(clock.now() / 1000).toString(16)}-${hash(served, world.seed).toString(16).padStart(8, '0')}`
      return `${detail} rid: ${rid}`
    },
    bare: ({ method, path }) => (method === 'GET' ? !CODED_READS.has(path) : BARE_WRITES.has(path)),
    shownPath: (path) => `${SPACE}${path}`,
  }
}
