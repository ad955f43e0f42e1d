import { Hono } from 'hono'
import { streamSSE } from 'hono/streaming'
import type { SandboxClock } from '../clock/clock.ts'
import type { Platform } from '../platform.ts'
import { bodyOf } from './json.ts'
import { refuse } from './refusal.ts'
import { ClockChange, type ClockState } from './schema.ts'

export function clockRoutes({ clock }: Platform): Hono {
  const routes = new Hono()
  routes.get('/clock', (c) => c.json(clockState(clock)))
  routes.post('/clock', async (c) => {
    const change = await bodyOf(c, ClockChange)
    if (change.setMs !== undefined && change.setMs < clock.now()) {
      throw refuse(
        409,
        'time_goes_on',
        'the clock does not go back; create a new sandbox for an earlier time',
        '沙箱时钟不能倒退',
      )
    }
    if (change.rate !== undefined) clock.setRate(change.rate)
    if (change.paused !== undefined) clock.setPaused(change.paused)
    if (change.setMs !== undefined) clock.set(change.setMs)
    if (change.advanceMs !== undefined) clock.advance(change.advanceMs)
    return c.json(clockState(clock))
  })
  routes.get('/clock/stream', (c) =>
    streamSSE(c, async (stream) => {
      const tell = () => stream.writeSSE({ event: 'clock', data: JSON.stringify(clockState(clock)) })
      await tell()
      const stop = clock.onChange(() => void tell())
      // A line now and then keeps proxies from closing a quiet stream.
      const beat = setInterval(() => void tell(), 15_000)
      beat.unref()
      await new Promise<void>((resolve) => stream.onAbort(resolve))
      clearInterval(beat)
      stop()
    }),
  )
  return routes
}

export function clockState(clock: SandboxClock): ClockState {
  return { nowMs: clock.now(), rate: clock.rate, paused: clock.paused, realMs: Date.now() }
}
