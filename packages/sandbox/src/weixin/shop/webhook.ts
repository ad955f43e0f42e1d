import { createHmac } from 'node:crypto'
import type { ShopEvent, ShopWebhook } from '../../admin/schema.shop.ts'
import { createLanes } from '../../callbacks/lanes.ts'
import type { Poster } from '../../callbacks/post.ts'
import type { SandboxClock } from '../../clock/clock.ts'

const ATTEMPTS = 3
const TIMEOUT_MS = 5_000
const KEPT = 500

/** One attempt at the shop's webhook. */
export interface ShopDelivery {
  readonly eventId: string
  readonly atMs: number
  readonly attempt: number
  readonly result: string
  readonly status?: number
}

/** Tells an address what happens in the shop, signed; three attempts, again after anything but a 200. */
export interface Webhook {
  config: ShopWebhook | undefined
  send(event: ShopEvent): void
  deliveries(): readonly ShopDelivery[]
  settled(): Promise<void>
}

/** `x-shop-signature`: HMAC-SHA256, lower-case hex, of the timestamp, a dot, and the body. */
export function shopSignature(secret: string, timestamp: string, body: string): string {
  return createHmac('sha256', secret).update(`${timestamp}.${body}`).digest('hex')
}

export function createWebhook(clock: SandboxClock, poster: Poster): Webhook {
  const lanes = createLanes(() => ({ order: 'serial', concurrency: 16 }))
  const deliveries: ShopDelivery[] = []

  const deliver = async ({ url, secret }: ShopWebhook, event: ShopEvent) => {
    const body = JSON.stringify(event)
    for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
      const timestamp = String(Math.floor(clock.now() / 1000))
      const { result, status } = await poster.post(url, body, TIMEOUT_MS, {
        'content-type': 'application/json; charset=utf-8',
        'x-shop-timestamp': timestamp,
        'x-shop-signature': shopSignature(secret, timestamp, body),
      })
      const how = { eventId: event.id, atMs: clock.now(), attempt, result }
      deliveries.push(status === undefined ? how : { ...how, status })
      if (deliveries.length > KEPT) deliveries.shift()
      if (result === 'acknowledged') return
    }
  }
  const webhook: Webhook = {
    config: undefined,
    send(event) {
      const { config } = webhook
      if (config !== undefined) lanes.run('shop', () => deliver(config, event))
    },
    deliveries: () => deliveries,
    settled: lanes.idle,
  }
  return webhook
}
