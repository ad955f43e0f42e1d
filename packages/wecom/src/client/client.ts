import { hash } from 'node:crypto'
import { catalogue } from '../catalogue.ts'
import { defaultLimitProfile } from '../limits.ts'
import { sleep } from '../machine.ts'
import type { StoredToken } from '../tokens/types.ts'
import type { CallSetting } from './call.ts'
import { CircuitOpenError } from './errors.ts'
import { methodsOf } from './methods.ts'
import { wecomRefusals } from './repeat.ts'
import { fetchTransport, keepAliveTransport } from './transport.ts'
import type { Client, ClientControl, ClientOptions } from './types.ts'

/** Of one attempt; the platform answers in well under a second. */
const defaultTimeoutMs = 10_000

/**
 * A typed method for every declared endpoint, for one app of one corp.
 *
 * The access token is fetched once and shared; calls stay within `budget`; what failed is repeated only where that
 * cannot do the thing twice. Errors: see `client/errors.ts`.
 */
export function createClient(options: ClientOptions): Client & ClientControl {
  const setting: CallSetting = {
    baseUrl: options.baseUrl.replace(/\/+$/, ''),
    corpId: options.corpId,
    appKey: options.appKey,
    secret: options.secret,
    budget: options.budget,
    transport: options.fetch === undefined ? keepAliveTransport : fetchTransport(options.fetch),
    clock: options.clock ?? Date.now,
    sleep: options.sleep ?? sleep,
    timeoutMs: options.timeoutMs ?? defaultTimeoutMs,
    limits: options.limits ?? defaultLimitProfile,
    onCall: options.onCall ?? (() => {}),
    platform: 'wecom',
    refusals: () => wecomRefusals,
    token: () => token(),
    dropToken: (bad) => options.tokens.drop(key, bad),
    openCircuit: async (reason) => {
      await options.tokens.openCircuit(key, reason)
      const stored = await options.tokens.get(key)
      if (stored !== undefined) await options.tokens.drop(key, stored.token)
    },
  }
  // A changed secret is another key: its circuit is closed and its token is its own.
  const key = `${options.corpId}/${options.appKey}/${hash('sha256', options.secret).slice(0, 16)}`

  const methods: Client = methodsOf(catalogue, setting)

  const refuse = (reason: string): never => {
    const { path } = catalogue.auth.getToken
    const { corpId, appKey } = options
    throw new CircuitOpenError({ endpoint: 'auth.getToken', path, corpId, appKey }, reason)
  }

  const fetchToken = async (): Promise<StoredToken> => {
    // Looked at inside the fetch: whoever came while another fetch was being refused must not try once more.
    const reason = await options.tokens.circuit(key)
    if (reason !== undefined) return refuse(reason)
    const { corpId: corpid, secret: corpsecret } = options
    const answer = await methods.auth.getToken({ corpid, corpsecret }, { priority: 'urgent' })
    return { token: answer.access_token, expiresAt: setting.clock() + answer.expires_in * 1000 }
  }

  const token = async (): Promise<string> => {
    const stored = (await options.tokens.get(key)) ?? (await options.tokens.fetchOnce(key, fetchToken))
    return stored.token
  }

  return {
    ...methods,
    invalidate: async () => {
      await options.tokens.closeCircuit(key)
      const stored = await options.tokens.get(key)
      if (stored !== undefined) await options.tokens.drop(key, stored.token)
    },
  }
}
