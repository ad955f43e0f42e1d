import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePort, startServerProcess } from '../bench/lib/processes.ts'

/** Where the pages to be photographed are. */
export interface Scene {
  consoleUrl: string
  phoneUrl: string | undefined
  close(): Promise<void>
}

const hour = 3_600_000
/** So fast the demo day runs before the pictures, and so long (machine time): half an hour of a shop's morning. */
const warmUp = { rate: 60, ms: 30_000 }

/** The running server that SHOTS_URL names, or a new one with the demo brand in the middle of its day. */
export async function openScene(): Promise<Scene> {
  const running = process.env.SHOTS_URL
  if (running) return { consoleUrl: running, phoneUrl: process.env.SHOTS_PHONE_URL, close: async () => undefined }
  const [port, sandboxPort] = [await freePort(), await freePort()]
  const dataDir = await mkdtemp(join(tmpdir(), 'nuanyu-shots-'))
  const server = await startServerProcess(port, { SANDBOX_PORT: String(sandboxPort), DATA_DIR: dataDir })
  const phoneUrl = `http://127.0.0.1:${sandboxPort}`
  await playMorning(phoneUrl)
  return {
    consoleUrl: `http://127.0.0.1:${port}`,
    phoneUrl,
    close: async () => {
      await server.stop()
      await rm(dataDir, { recursive: true, force: true })
    },
  }
}

/** Customers come, write and leave for half an hour from ten o'clock, then time stands still for the pictures. */
async function playMorning(sandboxUrl: string): Promise<void> {
  const { nowMs } = await post<{ nowMs: number }>(sandboxUrl, '/sandbox/clock', {})
  await post(sandboxUrl, '/sandbox/clock', { setMs: nextTen(nowMs) })
  await post(sandboxUrl, '/sandbox/scenarios/demo-day/start', {})
  await post(sandboxUrl, '/sandbox/clock', { rate: warmUp.rate })
  await new Promise((resolve) => setTimeout(resolve, warmUp.ms))
  await post(sandboxUrl, '/sandbox/clock', { rate: 1 })
}

/** The next 10:00 in Shanghai, which is 02:00 UTC. */
function nextTen(nowMs: number): number {
  const day = 24 * hour
  const ten = Math.floor(nowMs / day) * day + 2 * hour
  return ten > nowMs ? ten : ten + day
}

async function post<T>(base: string, path: string, body: unknown): Promise<T> {
  const answer = await fetch(base + path, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
  if (!answer.ok) throw new Error(`${path} answered ${answer.status}: ${await answer.text()}`)
  return (await answer.json()) as T
}
