import {
  CallbackError,
  formatWeixinEvent,
  type KnownWeixinEvent,
  OpenId,
  openWeixinReply,
  sealWeixinCallback,
  type WeixinEvent,
  type WeixinReply,
} from '@nuanyu/wecom'
import { createLanes } from '../callbacks/lanes.ts'
import type { Attempt, Poster } from '../callbacks/post.ts'
import type { SandboxClock } from '../clock/clock.ts'
import { CALLBACK_FAULTS, type Faults } from '../faults/faults.ts'
import type { Oracle } from '../oracle/oracle.ts'
import { hash } from '../random.ts'
import type { SettingsStore } from '../settings.ts'
import type { WeixinAccount } from './accounts.ts'
import type { Tally } from './tally.ts'

type Plain<Event> = Event extends { kind: string } ? Omit<Event, 'accountId' | 'openId' | 'createTime'> : never
/** An event of one person, without what every event has. */
export type WeixinAnnouncement = Plain<KnownWeixinEvent>

/** Calls an account's address back: 5 s, three attempts in all, again after a time-out or a network failure. */
export interface WeixinCallbacks {
  announce(account: WeixinAccount, customer: number, event: WeixinAnnouncement): void
  /** Told what a person sees at once: a passive reply, or that the account is out of order. */
  onAnswer: (account: WeixinAccount, customer: number, answer: WeixinReply | 'fault') => void
  settled(): Promise<void>
}

export interface WeixinCallbackParts {
  seed: number
  settings: SettingsStore
  clock: SandboxClock
  faults: Faults
  oracle: Oracle
  poster: Poster
  tally: Tally
}

/** After these nothing can be said at once: nobody looks at the chat. */
const UNSEEN = new Set<KnownWeixinEvent['kind']>([
  'oa.unsubscribed',
  'oa.template_sent',
  'subscribe_message.answered',
  'subscribe_message.changed',
  'subscribe_message.sent',
])

export function createWeixinCallbacks(parts: WeixinCallbackParts): WeixinCallbacks {
  const { seed, settings, clock, faults, oracle, poster, tally } = parts
  const lanes = createLanes(() => settings.value.callbacks)
  let made = 0

  /** What the account said last: undefined when no attempt was answered. */
  async function deliver(
    record: (attempt: number, how: Attempt) => void,
    url: string,
    body: string,
  ): Promise<string | undefined> {
    const { value } = settings.limits
    let answer: string | undefined
    for (let attempt = 1; attempt <= value('oa.callback_attempts'); attempt++) {
      const given = await poster.ask(url, body, value('oa.callback_timeout_s') * 1000)
      record(attempt, given.how)
      if (given.how.result === 'acknowledged') answer = given.answer
      if (given.how.result === 'acknowledged' || given.how.result === 'refused') break
    }
    oracle.callbackClosed(answer !== undefined)
    return answer
  }

  const callbacks: WeixinCallbacks = {
    onAnswer: () => {},
    announce(account, customer, event) {
      tally.note(event.kind, customer)
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
        lanes.run(account.appKey, async () => {
          const answer = await deliver(record, address, sealed.body)
          if (account.kind !== 'official' || UNSEEN.has(event.kind)) return
          const reply = replyIn(answer)
          if (reply !== undefined) callbacks.onAnswer(account, customer, reply)
        })
      }
      const replyIn = (answer: string | undefined): WeixinReply | 'fault' | undefined => {
        // silence after an event is nothing that he waits for; after a message it is
        if (answer === undefined) return event.kind === 'oa.text_received' ? 'fault' : undefined
        try {
          return openWeixinReply({ token, aesKey, appId, openId, body: answer })
        } catch (error) {
          if (error instanceof CallbackError) return 'fault'
          throw error
        }
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
  return callbacks
}
