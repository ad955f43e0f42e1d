import { formatEvent, sealCallback } from '@nuanyu/wecom'
import type { Fault } from '../admin/schema.control.ts'
import type { SandboxClock } from '../clock/clock.ts'
import { CALLBACK_FAULTS, type Faults } from '../faults/faults.ts'
import type { Oracle } from '../oracle/oracle.ts'
import { hash } from '../random.ts'
import type { SettingsStore } from '../settings.ts'
import type { CorpApp } from '../world/apps.ts'
import type { Visibility } from '../world/visibility.ts'
import { type Announcement, eventFor, eventName } from './announcement.ts'
import { createLanes } from './lanes.ts'
import type { Poster } from './post.ts'

/** Tells the apps what happened, one encrypted POST an app and event, repeated as the platform repeats [90930]. */
export interface Callbacks {
  announce(announcement: Announcement): void
  /** Apps that would be told, so that each can be given its own welcome code. */
  audience(announcement: Pick<Announcement, 'family' | 'staff' | 'onlyApp'>): CorpApp[]
  /** Resolves when nothing is on its way; callbacks held back by a fault do not count. */
  settled(): Promise<void>
}

export interface CallbackParts {
  corpId: string
  seed: number
  apps: ReadonlyMap<string, CorpApp>
  visibility: Visibility
  settings: SettingsStore
  clock: SandboxClock
  faults: Faults
  oracle: Oracle
  poster: Poster
}

interface Delivery {
  readonly id: number
  readonly app: CorpApp
  readonly event: string
  readonly body: { url: string; text: string }
  readonly userid: string | undefined
  readonly externalUserId: string | undefined
  readonly add: number | undefined
  readonly answered: Announcement['answered']
  readonly fault: Fault | undefined
}

export function createCallbacks(parts: CallbackParts): Callbacks {
  const { apps, visibility, settings, clock, faults, oracle, poster } = parts
  const lanes = createLanes(() => settings.value.callbacks)
  /** Callbacks held back until the next one of the same app has gone. */
  const held = new Map<string, Delivery[]>()
  let made = 0

  function audience({ family, staff, onlyApp }: Pick<Announcement, 'family' | 'staff' | 'onlyApp'>): CorpApp[] {
    return [...apps.values()].filter((app) => {
      const of = settings.value.apps[app.appKey]
      if (app.callback === undefined || of?.enabled !== true) return false
      if (onlyApp !== undefined && app.appKey !== onlyApp) return false
      if (app.callback.events !== undefined && !app.callback.events.includes(family)) return false
      if (family === 'contact') return app.kind === 'contacts-sync'
      if (app.kind !== 'own') return false
      if (family !== 'app' && !of.callable) return false
      return staff === undefined || visibility.staff(app.appKey, staff)
    })
  }

  function prepare(announcement: Announcement, app: CorpApp): Delivery | undefined {
    if (app.callback === undefined) return undefined
    const { url, token, aesKey } = app.callback
    const seconds = Math.floor(clock.now() / 1000)
    const id = ++made
    const xml = formatEvent(eventFor(announcement, parts.corpId, seconds, app.appKey))
    const sealed = sealCallback({
      token,
      aesKey,
      receiveId: parts.corpId,
      xml,
      timestamp: String(seconds),
      nonce: String(hash(id, parts.seed)),
      agentId: String(app.agentId),
    })
    const { event: told } = announcement
    const event = eventName(xml)
    const userid = 'userId' in told ? told.userId : undefined
    const query = new URLSearchParams(Object.entries(sealed.query)).toString()
    return {
      id,
      app,
      event,
      body: { url: url + (url.includes('?') ? '&' : '?') + query, text: sealed.body },
      userid,
      externalUserId: 'externalUserId' in told ? told.externalUserId : undefined,
      add: announcement.add,
      answered: announcement.answered,
      fault: faults.hit({ appKey: app.appKey, event, userid }, CALLBACK_FAULTS),
    }
  }

  function record(
    delivery: Delivery,
    attempt: number,
    how: { result: 'lost' | Awaited<ReturnType<Poster['post']>>['result']; status?: number; ms: number },
  ) {
    const { app, event, userid, externalUserId, fault } = delivery
    oracle.recordCallback({
      callbackId: delivery.id,
      atMs: clock.now(),
      appKey: app.appKey,
      event,
      attempt,
      ...how,
      ...(userid === undefined ? {} : { userid }),
      ...(externalUserId === undefined ? {} : { externalUserId }),
      ...(fault === undefined ? {} : { fault: fault.id }),
    })
  }

  async function deliver(delivery: Delivery): Promise<void> {
    const { value } = settings.limits
    const attempts = value('callback.attempts')
    const timeoutMs = value('callback.timeout_s') * 1000
    const repeatAnyway = delivery.fault?.kind === 'callback_repeat'
    let acknowledged = false
    for (let attempt = 1; attempt <= attempts; attempt++) {
      const { how: outcome, answer } = await poster.ask(delivery.body.url, delivery.body.text, timeoutMs)
      record(delivery, attempt, outcome)
      if (outcome.result === 'acknowledged') {
        if (!acknowledged) delivery.answered?.(answer, delivery.app)
        acknowledged = true
        if (delivery.add !== undefined) oracle.adds.acknowledged(delivery.add, clock.now())
      }
      const again =
        outcome.result === 'refused' ? value('callback.repeat_on_status') : outcome.result !== 'acknowledged'
      if (!again && !repeatAnyway) break
      const spacingMs = value('callback.repeat_spacing_s') * 1000
      if (spacingMs > 0 && attempt < attempts) await reached(clock, clock.now() + spacingMs)
    }
    oracle.callbackClosed(acknowledged)
  }

  function send(delivery: Delivery): void {
    oracle.callbackOpened()
    lanes.run(delivery.app.appKey, () => deliver(delivery))
  }

  function dispatch(delivery: Delivery): void {
    const { fault } = delivery
    switch (fault?.kind) {
      case 'callback_lost':
        oracle.callbackOpened()
        record(delivery, 0, { result: 'lost', ms: 0 })
        oracle.callbackClosed(false)
        return
      case 'callback_late':
        clock.setTimer(clock.now() + (fault.delayMs ?? settings.limits.value('welcome_code.ttl_s') * 1000), () =>
          send(delivery),
        )
        return
      case 'callback_reorder': {
        const waiting = held.get(delivery.app.appKey)
        if (waiting === undefined) held.set(delivery.app.appKey, [delivery])
        else waiting.push(delivery)
        return
      }
      case 'callback_double':
        send(delivery)
        break
      default:
    }
    send(delivery)
    const waiting = held.get(delivery.app.appKey)
    held.delete(delivery.app.appKey)
    for (const late of waiting ?? []) send(late)
  }

  return {
    audience,
    announce(announcement) {
      for (const app of audience(announcement)) {
        const delivery = prepare(announcement, app)
        if (delivery !== undefined) dispatch(delivery)
      }
    },
    settled: lanes.idle,
  }
}

function reached(clock: SandboxClock, atMs: number): Promise<void> {
  return new Promise((resolve) => {
    clock.setTimer(atMs, resolve)
  })
}
