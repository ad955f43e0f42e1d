import type { SandboxClock } from '../clock/clock.ts'
import { type Fail, fail } from '../fail.ts'
import type { SettingsStore } from '../settings.ts'
import type { IdMaker } from '../world/ids.ts'
import type { WeixinAccount } from './accounts.ts'

interface Issued {
  readonly account: string
  readonly token: string
  readonly expiresMs: number
  /** From when on it is "not the latest": another was given. */
  deadMs: number
}

/** Tokens of `/cgi-bin/token` and of `/cgi-bin/stable_token`: the two kinds do not end each other. */
export interface WeixinTokens {
  /** Always a new one; the one before lives on for `oa.token_overlap_s`. */
  issue(account: WeixinAccount): { token: string; expiresInS: number }
  /** The same until it is about to end; 45009 / 45011 when forced too often. */
  stable(account: WeixinAccount, force: boolean): { token: string; expiresInS: number } | Fail
  /** The account's key, or 40001 / 42001. */
  check(token: string): string | Fail
  revoke(token: string): void
  dump(): WeixinTokensState
  load(state: WeixinTokensState): void
}

export interface WeixinTokensState {
  readonly issued: readonly Issued[]
  readonly latest: readonly (readonly [string, string])[]
}

const DAY_MS = 86_400_000

export function createWeixinTokens(clock: SandboxClock, settings: SettingsStore, newId: IdMaker): WeixinTokens {
  const issued = new Map<string, Issued>()
  /** `plain account` and `stable account` → token. */
  const latest = new Map<string, string>()
  const forced = new Map<string, number[]>()

  const make = (slot: string, account: WeixinAccount) => {
    const nowMs = clock.now()
    for (const [token, { expiresMs }] of issued) {
      if (expiresMs + DAY_MS > nowMs) break
      issued.delete(token)
    }
    const before = issued.get(latest.get(slot) ?? '')
    const overlapMs = settings.limits.value('oa.token_overlap_s') * 1000
    if (before !== undefined) before.deadMs = Math.min(before.deadMs, nowMs + overlapMs)
    const ttlS = settings.limits.value('oa.token_ttl_s')
    const token = newId('', 136)
    const never = Number.MAX_SAFE_INTEGER
    issued.set(token, { account: account.appKey, token, expiresMs: nowMs + ttlS * 1000, deadMs: never })
    latest.set(slot, token)
    return { token, expiresInS: ttlS }
  }
  const mayForce = (account: WeixinAccount): Fail | undefined => {
    const nowMs = clock.now()
    const { value } = settings.limits
    const times = (forced.get(account.appKey) ?? []).filter((at) => at + DAY_MS > nowMs)
    const last = times.at(-1)
    if (last !== undefined && nowMs - last < value('oa.stable_force_spacing_s') * 1000)
      return fail(45011, 'api minute-quota reach limit: force_refresh')
    if (times.length >= value('oa.stable_force_per_day')) return fail(45009, 'reach max api daily quota limit')
    forced.set(account.appKey, [...times, nowMs])
    return undefined
  }
  return {
    issue: (account) => make(`plain ${account.appKey}`, account),
    stable(account, force) {
      const slot = `stable ${account.appKey}`
      const known = issued.get(latest.get(slot) ?? '')
      if (force) return mayForce(account) ?? make(slot, account)
      const leftMs = (known?.expiresMs ?? 0) - clock.now()
      const alive = known !== undefined && known.deadMs > clock.now()
      if (alive && leftMs > settings.limits.value('oa.token_overlap_s') * 1000)
        return { token: known.token, expiresInS: Math.ceil(leftMs / 1000) }
      return make(slot, account)
    },
    check(token) {
      const known = issued.get(token)
      if (known === undefined || known.deadMs <= clock.now())
        return fail(40001, 'invalid credential, access_token is invalid or not latest')
      return known.expiresMs > clock.now() ? known.account : fail(42001, 'access_token expired')
    },
    revoke(token) {
      const known = issued.get(token)
      if (known !== undefined) known.deadMs = 0
    },
    dump: () => ({ issued: [...issued.values()], latest: [...latest] }),
    load(state) {
      for (const one of state.issued) issued.set(one.token, { ...one })
      for (const [slot, token] of state.latest) latest.set(slot, token)
    },
  }
}
