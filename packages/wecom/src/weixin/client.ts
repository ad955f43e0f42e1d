import { hash } from 'node:crypto'
import type { Budget } from '../budget/types.ts'
import type { CallSetting } from '../client/call.ts'
import { CircuitOpenError } from '../client/errors.ts'
import { methodsOf } from '../client/methods.ts'
import type { RefusalRules } from '../client/repeat.ts'
import { fetchTransport, keepAliveTransport } from '../client/transport.ts'
import type { CallOptions, CallRecord, ClientControl, ClientOf, ClientOptions } from '../client/types.ts'
import type { Endpoint, ResponseOf } from '../endpoint.ts'
import { defaultLimitProfile } from '../limits.ts'
import { sleep } from '../machine.ts'
import type { StoredToken, TokenStore } from '../tokens/types.ts'
import { type WeixinCatalogue, weixinCatalogue } from './catalogue.ts'

const defaultTimeoutMs = 10_000

/** A typed method for each interface of api.weixin.qq.com. */
export type WeixinClient = ClientOf<WeixinCatalogue>

export interface WeixinClientOptions
  extends Pick<ClientOptions, 'baseUrl' | 'secret' | 'fetch' | 'clock' | 'sleep' | 'timeoutMs' | 'limits'> {
  readonly appId: string
  /** Our own name of the account, to tell records apart. */
  readonly appKey: string
  readonly tokens: TokenStore
  readonly budget: Budget
  readonly onCall?: ((record: CallRecord) => void) | undefined
}

export interface WeixinControl extends ClientControl {
  /** Who logs in with a code of `wx.login`: `login.code2Session` with this account's own appid and secret. */
  openSession(jsCode: string, options?: CallOptions): Promise<ResponseOf<WeixinCatalogue['login']['code2Session']>>
  /** Who came back from a page with a code of web authorisation: `oauth.exchange` with this account's own appid and secret. */
  openVisit(code: string, options?: CallOptions): Promise<ResponseOf<WeixinCatalogue['oauth']['exchange']>>
}

// 40001 is said of a token that is not the latest one; of a secret only where a secret was sent.
// 45009 is a day's quota: it does not pass by waiting a minute.
const withToken: RefusalRules = {
  badToken: new Set([40001, 40014, 42001]),
  badSecret: new Set(),
  tooFrequent: undefined,
  conflict: new Set(),
}
const withSecret: RefusalRules = { ...withToken, badToken: new Set(), badSecret: new Set([40001, 40013, 40125]) }
// A person's own token, of web authorisation: what is said of it says nothing of the account.
const ofPerson: RefusalRules = { ...withToken, badToken: new Set() }
const { auth, login, oauth } = weixinCatalogue
const carrySecret: ReadonlySet<string> = new Set(
  [auth.getToken, auth.getStableToken, login.code2Session, oauth.exchange].map(({ path }) => path),
)

function rulesOf({ credential, path }: Endpoint): RefusalRules {
  if (!credential.includes('none')) return withToken
  return carrySecret.has(path) ? withSecret : ofPerson
}

/**
 * A client for one Official Account or mini program. It takes the stable token, which several processes may ask for
 * without ending each other's. Errors are those of `client/errors.ts`, with `call.platform` `weixin`.
 *
 * @param options `baseUrl` is `https://api.weixin.qq.com`, or the sandbox's address followed by `/weixin`
 */
export function createWeixinClient(options: WeixinClientOptions): WeixinClient & WeixinControl {
  const { appId, appKey, secret, tokens } = options
  const key = `weixin/${appId}/${hash('sha256', secret).slice(0, 16)}`
  const dropStored = async () => {
    const stored = await tokens.get(key)
    if (stored !== undefined) await tokens.drop(key, stored.token)
  }
  const setting: CallSetting = {
    baseUrl: options.baseUrl.replace(/\/+$/, ''),
    corpId: appId,
    appKey,
    secret,
    budget: options.budget,
    transport: options.fetch === undefined ? keepAliveTransport : fetchTransport(options.fetch),
    clock: options.clock ?? Date.now,
    sleep: options.sleep ?? sleep,
    timeoutMs: options.timeoutMs ?? defaultTimeoutMs,
    limits: options.limits ?? defaultLimitProfile,
    onCall: options.onCall ?? (() => {}),
    platform: 'weixin',
    refusals: rulesOf,
    token: () => token(),
    dropToken: (bad) => tokens.drop(key, bad),
    openCircuit: async (reason) => {
      await tokens.openCircuit(key, reason)
      await dropStored()
    },
  }
  const methods = methodsOf(weixinCatalogue, setting, 'weixin.')

  const refuseIfOpen = async (): Promise<void> => {
    const reason = await tokens.circuit(key)
    if (reason === undefined) return
    const { path } = weixinCatalogue.auth.getStableToken
    const context = { endpoint: 'weixin.auth.getStableToken', path, corpId: appId, appKey, platform: 'weixin' as const }
    throw new CircuitOpenError(context, reason)
  }
  const fetchToken = async (): Promise<StoredToken> => {
    await refuseIfOpen()
    const request = { grant_type: 'client_credential' as const, appid: appId, secret }
    const answer = await methods.auth.getStableToken(request, { priority: 'urgent' })
    return { token: answer.access_token, expiresAt: setting.clock() + answer.expires_in * 1000 }
  }
  const token = async (): Promise<string> =>
    ((await tokens.get(key)) ?? (await tokens.fetchOnce(key, fetchToken))).token

  return {
    ...methods,
    openSession: async (jsCode, callOptions) => {
      await refuseIfOpen()
      const request = { appid: appId, secret, js_code: jsCode, grant_type: 'authorization_code' as const }
      return methods.login.code2Session(request, callOptions)
    },
    openVisit: async (code, callOptions) => {
      await refuseIfOpen()
      const request = { appid: appId, secret, code, grant_type: 'authorization_code' as const }
      return methods.oauth.exchange(request, callOptions)
    },
    invalidate: async () => {
      await tokens.closeCircuit(key)
      await dropStored()
    },
  }
}
