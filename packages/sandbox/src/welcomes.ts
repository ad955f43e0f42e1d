import type { SandboxClock } from './clock/clock.ts'
import type { SettingsStore } from './settings.ts'
import type { IdMaker } from './world/ids.ts'

/** One add that may be welcomed once, by whichever app is first. */
export interface Welcomable {
  /** Number of the add in the oracle's log. */
  readonly add: number
  readonly staff: number
  readonly customer: number
  readonly expiresMs: number
  /** A welcome went out, or the two have begun to chat. */
  settled: boolean
  /** An app's welcome is on its way: others get 41096. */
  sending: boolean
}

export interface Grant {
  readonly appKey: string
  readonly welcomable: Welcomable
}

/** Welcome codes: one per app and add, valid for `welcome_code.ttl_s` [92137]. */
export interface Welcomes {
  open(add: { add: number; staff: number; customer: number }): Welcomable
  issue(welcomable: Welcomable, appKey: string): string
  grant(code: string): Grant | undefined
  /** The two chat: whatever code is still out is spent. */
  chatStarted(staff: number, customer: number): void
}

/** How long a dead code is still known, so that "too late" is told from "never existed" in the oracle. */
const REMEMBERED_MS = 600_000

export function createWelcomes(clock: SandboxClock, settings: SettingsStore, newId: IdMaker): Welcomes {
  /** In order of expiry. */
  const grants = new Map<string, Grant>()
  const openOf = new Map<string, Welcomable>()
  const pair = (staff: number, customer: number) => `${staff}:${customer}`

  const sweep = () => {
    const nowMs = clock.now()
    for (const [code, grant] of grants) {
      if (grant.welcomable.expiresMs + REMEMBERED_MS > nowMs) return
      grants.delete(code)
      const key = pair(grant.welcomable.staff, grant.welcomable.customer)
      if (openOf.get(key) === grant.welcomable) openOf.delete(key)
    }
  }
  return {
    open(add) {
      sweep()
      const expiresMs = clock.now() + settings.limits.value('welcome_code.ttl_s') * 1000
      const welcomable: Welcomable = { ...add, expiresMs, settled: false, sending: false }
      openOf.set(pair(add.staff, add.customer), welcomable)
      return welcomable
    },
    issue(welcomable, appKey) {
      const code = newId('CALLBACK_CODE_', 57)
      grants.set(code, { appKey, welcomable })
      return code
    },
    grant: (code) => grants.get(code),
    chatStarted(staff, customer) {
      const welcomable = openOf.get(pair(staff, customer))
      if (welcomable !== undefined) welcomable.settled = true
    },
  }
}
