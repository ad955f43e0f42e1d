import { Hono } from 'hono'
import { streamSSE } from 'hono/streaming'
import type { Platform } from '../platform.ts'
import { clockState } from './routes.clock.ts'
import type { StreamEvent } from './schema.ts'

/** A slow reader is not waited for: it misses events above this many. */
const WAITING_AT_MOST = 500

export function streamRoutes({ oracle, clock }: Platform): Hono {
  const routes = new Hono()
  routes.get('/stream', (c) =>
    streamSSE(c, async (stream) => {
      let waiting = 0
      const tell = async ({ event, data }: StreamEvent) => {
        if (waiting >= WAITING_AT_MOST) return
        waiting++
        await stream.writeSSE({ event, data: JSON.stringify(data) }).finally(() => waiting--)
      }
      await tell({ event: 'clock', data: clockState(clock) })
      const stopOracle = oracle.listen((event) => void tell(event))
      const stopClock = clock.onChange(() => void tell({ event: 'clock', data: clockState(clock) }))
      await new Promise<void>((resolve) => stream.onAbort(resolve))
      stopOracle()
      stopClock()
    }),
  )
  return routes
}
