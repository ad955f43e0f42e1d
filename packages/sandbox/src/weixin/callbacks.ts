import { formatWeixinEvent, type KnownWeixinEvent, OpenId, sealWeixinCallback, type WeixinEvent } from '@nuanyu/wecom'
import { createLanes } from '../callbacks/lanes.ts'
import type { Attempt, Poster } from '../callbacks/post.ts'
import type { SandboxClock } from '../clock/clock.ts'
import { CALLBACK_FAULTS, type Faults } from '../faults/faults.ts'
import type { Oracle } from '../oracle/oracle.ts'
import { hash } from '../random.ts'
import type { SettingsStore } from '../settings.ts'
import type { WeixinAccount } from './accounts.ts'

type Plain<Event> = Event extends { kind: string } ? Omit<Event, 'accountId' | 'openId' | 'createTime'> : never
/** An event of one person, without what every event has. */
export type WeixinAnnouncement = Plain<KnownWeixinEvent>

/** Calls an account's address back: 5 s, three attempts in all, again after a time-out or a network failure. */
export interface WeixinCallbacks {
  announce(account: WeixinAccount, customer: number, event: WeixinAnnouncement): void
  settled(): Promise<void>
}

export interface WeixinCallbackParts {
  seed: number
  settings: SettingsStore
  clock: SandboxClock
  faults: Faults
  oracle: Oracle
  poster: Poster
}

export function createWeixinCallbacks(parts: WeixinCallbackParts): WeixinCallbacks {
  const { seed, settings, clock, faults, oracle, poster } = parts
  const lanes = createLanes(() => settings.value.callbacks)
  let made = 0

  async function deliver(record: (attempt: number, how: Attempt) => void, url: string, body: string): Promise<void> {
    const { value } = settings.limits
    let acknowledged = false
    for (let attempt = 1; attempt <= value('oa.callback_attempts'); attempt++) {
      const outcome = await poster.post(url, body, value('oa.callback_timeout_s') * 1000)
      record(attempt, outcome)
      acknowledged = outcome.result === 'acknowledged'
      if (acknowledged || outcome.result === 'refused') break
    }
    oracle.callbackClosed(acknowledged)
  }

  return {
    announce(account, customer, event) {
      if (account.callback === undefined) return
      const { url, token, aesKey } = account.callback
      const openId = account.openId(customer)
      const createTime = Math.floor(clock.now() / 1000)
      const head = { accountId: account.originalId, openId: OpenId.parse(openId), createTime }
      // The parts of a declared event, put together again.
      const xml = formatWeixinEvent({ ...event, ...head } as WeixinEvent)
      const callbackId = -++made
      const nonce = String(hash(made, seed + 80))
      const { appId } = account
      const sealed = sealWeixinCallback({ token, aesKey, appId, xml, openId, timestamp: createTime, nonce })
      const address = url + (url.includes('?') ? '&' : '?') + new URLSearchParams(sealed.query)
      const named = `weixin/${event.kind}`
      const fault = faults.hit({ appKey: account.appKey, event: named }, CALLBACK_FAULTS)
      const base = { callbackId, appKey: account.appKey, event: named, externalUserId: openId }
      const record = (attempt: number, how: { result: Attempt['result'] | 'lost'; status?: number; ms: number }) =>
        oracle.recordCallback({
          ...base,
          atMs: clock.now(),
          attempt,
          ...how,
          ...(fault === undefined ? {} : { fault: fault.id }),
        })
      const send = () => {
        oracle.callbackOpened()
        lanes.run(account.appKey, () => deliver(record, address, sealed.body))
      }
      if (fault?.kind === 'callback_lost') {
        oracle.callbackOpened()
        record(0, { result: 'lost', ms: 0 })
        oracle.callbackClosed(false)
        return
      }
      if (fault?.kind === 'callback_late') {
        clock.setTimer(clock.now() + (fault.delayMs ?? 0), send)
        return
      }
      if (fault?.kind === 'callback_double' || fault?.kind === 'callback_repeat') send()
      send()
    },
    settled: lanes.idle,
  }
}
