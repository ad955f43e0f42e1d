import { z } from 'zod'
import type { FollowingClock } from './clock.ts'
import type { Log } from './log.ts'

const clockState = z.object({ nowMs: z.number(), rate: z.number(), paused: z.boolean(), realMs: z.number() })
export type SandboxClockState = z.output<typeof clockState>

export interface SandboxClockFollower {
  /** Takes the first reading if the sandbox is there; keeps following until `stop`. */
  start(): Promise<void>
  stop(): Promise<void>
}

const reconnectMs = 1_000

/** Reads the sandbox's clock once. */
export async function readSandboxClock(sandboxUrl: string): Promise<SandboxClockState> {
  const answer = await fetch(`${sandboxUrl}/sandbox/clock`, { signal: AbortSignal.timeout(5_000) })
  return clockState.parse(await answer.json())
}

export interface SandboxClockChange {
  readonly rate?: number | undefined
  readonly paused?: boolean | undefined
  readonly setMs?: number | undefined
  readonly advanceMs?: number | undefined
}

/** undefined: the sandbox refused, since its time does not go back. */
export async function changeSandboxClock(
  sandboxUrl: string,
  change: SandboxClockChange,
): Promise<SandboxClockState | undefined> {
  const answer = await fetch(`${sandboxUrl}/sandbox/clock`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(change),
    signal: AbortSignal.timeout(10_000),
  })
  if (answer.status >= 400 && answer.status < 500) return undefined
  return clockState.parse(await answer.json())
}

/**
 * Keeps business time on the sandbox's clock: its stream tells every change at once and a beat now and then. While the
 * sandbox is away the clock goes on at its last rate.
 */
export function followSandboxClock(sandboxUrl: string, clock: FollowingClock, log: Log): SandboxClockFollower {
  const ending = new AbortController()
  let following: Promise<void> | undefined
  let lost = false

  const take = (state: SandboxClockState, machineMs: number) =>
    clock.follow({ machineMs, businessMs: state.nowMs, rate: state.paused ? 0 : state.rate })
  const readStream = async () => {
    const answer = await fetch(`${sandboxUrl}/sandbox/clock/stream`, { signal: ending.signal })
    if (!answer.ok || answer.body === null) throw new Error(`the clock's stream answered ${answer.status}`)
    lost = false
    for await (const data of sseData(answer.body)) take(clockState.parse(JSON.parse(data)), Date.now())
  }
  const follow = async () => {
    while (!ending.signal.aborted) {
      await readStream().catch((error: unknown) => {
        if (ending.signal.aborted || lost) return
        lost = true
        log.warn({ err: error }, 'the sandbox’s clock cannot be read; business time goes on at its last rate')
      })
      if (!ending.signal.aborted) await pause(reconnectMs, ending.signal)
    }
  }
  return {
    async start() {
      try {
        take(await readSandboxClock(sandboxUrl), Date.now())
      } catch (error) {
        log.warn({ err: error }, 'the sandbox does not answer yet; its clock is followed as soon as it does')
      }
      following = follow()
    },
    async stop() {
      ending.abort()
      await following
    },
  }
}

/** The data of each event of a server-sent stream. */
async function* sseData(body: ReadableStream<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder()
  let text = ''
  for await (const chunk of body) {
    text += decoder.decode(chunk, { stream: true })
    for (let end = text.indexOf('\n\n'); end >= 0; end = text.indexOf('\n\n')) {
      const lines = text.slice(0, end).split('\n')
      text = text.slice(end + 2)
      const data = lines.filter((line) => line.startsWith('data:')).map((line) => line.slice(5).trimStart())
      if (data.length > 0) yield data.join('\n')
    }
  }
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(done, ms)
    function done() {
      clearTimeout(timer)
      signal.removeEventListener('abort', done)
      resolve()
    }
    signal.addEventListener('abort', done)
  })
}
