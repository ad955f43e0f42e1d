import type { SandboxClock } from '../clock/clock.ts'
import type { SettingsStore } from '../settings.ts'
import { dayStart } from '../statistics.ts'

interface Grant {
  readonly why: 'reply' | 'event'
  readonly untilMs: number
  left: number
}

/** What an account may still say to somebody: customer-service windows, consents, and the day's quotas. */
export interface Desk {
  /** The person wrote (`reply`), or followed, scanned or clicked (`event`). */
  open(account: string, customer: number, why: 'reply' | 'event'): void
  /** Takes one message from the window that ends first: `closed` when none is open, `spent` when all are used up. */
  spend(account: string, customer: number): 'ok' | 'closed' | 'spent'
  consent(account: string, customer: number, template: string): void
  refuse(account: string, customer: number, template: string): void
  consents(account: string, customer: number, template: string): number
  /** One message uses one consent up. */
  use(account: string, customer: number, template: string): boolean
  /** In his settings he refuses all messages of the account (拒收), or those of one template, whatever he answers when asked. */
  setRefuses(account: string, customer: number, what: 'all' | { readonly template: string }, on: boolean): void
  refuses(account: string, customer: number, what: 'all' | { readonly template: string }): boolean
  /** Counts one of the day; false when `limit` of them were used. */
  ofToday(what: string, limit: number): boolean
  dump(): DeskState
  load(state: DeskState): void
}

export interface DeskState {
  readonly windows: readonly (readonly [string, readonly Grant[]])[]
  readonly consents: readonly (readonly [string, number])[]
  readonly days: readonly (readonly [string, number])[]
  readonly refusals?: readonly string[]
}

export function createDesk(clock: SandboxClock, settings: SettingsStore): Desk {
  const windows = new Map<string, Grant[]>()
  const consents = new Map<string, number>()
  const days = new Map<string, number>()
  const refusals = new Set<string>()
  const living = (key: string) => (windows.get(key) ?? []).filter((grant) => grant.untilMs > clock.now())
  const refusal = (account: string, customer: number, what: 'all' | { readonly template: string }) =>
    what === 'all' ? `${account} ${customer}` : `${account} ${customer} ${what.template}`
  const consentKey = (account: string, customer: number, template: string) => `${account} ${customer} ${template}`

  return {
    open(account, customer, why) {
      const { value } = settings.limits
      const key = `${account} ${customer}`
      const [lengthS, left] =
        why === 'reply'
          ? [value('oa.reply_window_s'), value('oa.reply_messages')]
          : [value('oa.event_window_s'), value('oa.event_messages')]
      // a later message or event of the same kind takes the place of the one before
      const others = living(key).filter((grant) => grant.why !== why)
      windows.set(key, [...others, { why, untilMs: clock.now() + lengthS * 1000, left }])
    },
    spend(account, customer) {
      const key = `${account} ${customer}`
      const grants = living(key)
      if (grants.length === 0) windows.delete(key)
      if (grants.length === 0) return 'closed'
      const grant = grants.sort((a, b) => a.untilMs - b.untilMs).find(({ left }) => left > 0)
      if (grant === undefined) return 'spent'
      grant.left--
      return 'ok'
    },
    consent(account, customer, template) {
      const key = consentKey(account, customer, template)
      consents.set(key, (consents.get(key) ?? 0) + 1)
    },
    refuse: (account, customer, template) => void consents.delete(consentKey(account, customer, template)),
    consents: (account, customer, template) => consents.get(consentKey(account, customer, template)) ?? 0,
    use(account, customer, template) {
      const key = consentKey(account, customer, template)
      const count = consents.get(key) ?? 0
      if (count === 0) return false
      if (count === 1) consents.delete(key)
      else consents.set(key, count - 1)
      return true
    },
    setRefuses(account, customer, what, on) {
      const key = refusal(account, customer, what)
      if (!on) refusals.delete(key)
      else refusals.add(key)
      // agreements that he had given before end with it
      if (on && what !== 'all') consents.delete(consentKey(account, customer, what.template))
    },
    refuses: (account, customer, what) => refusals.has(refusal(account, customer, what)),
    ofToday(what, limit) {
      const day = String(dayStart(Math.floor(clock.now() / 1000)))
      const key = `${day} ${what}`
      for (const old of days.keys()) if (!old.startsWith(day)) days.delete(old)
      const count = days.get(key) ?? 0
      if (count >= limit) return false
      days.set(key, count + 1)
      return true
    },
    dump: () => ({ windows: [...windows], consents: [...consents], days: [...days], refusals: [...refusals] }),
    load(state) {
      for (const [key, grants] of state.windows) windows.set(key, [...grants])
      for (const [key, count] of state.consents) consents.set(key, count)
      for (const [key, count] of state.days) days.set(key, count)
      for (const key of state.refusals ?? []) refusals.add(key)
    },
  }
}
