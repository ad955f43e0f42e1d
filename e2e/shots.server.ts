import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePort, startServerProcess } from '../bench/lib/processes.ts'
import { sendSomething } from './shots.campaigns.ts'
import { sellSomething } from './shots.commerce.ts'
import { showMoments } from './shots.moments.ts'
import { workInTheOffice } from './shots.tables.ts'

/** Where the pages to be photographed are. */
export interface Scene {
  consoleUrl: string
  phoneUrl: string | undefined
  close(): Promise<void>
}

const day = 86_400_000
const scanners = 48
const leavers = 4
/** As long as WeChat lets a nickname be. */
const longName = `${'云朵上的猫猫头突击队队长兼榴莲品鉴委员会终身荣誉会员'.repeat(2)}AlwaysHungry`
/** How long the first sync and the demo brand's own codes may take on a busy machine. */
const patienceMs = 60_000

/** The running server that SHOTS_URL names, or a new one with the demo brand in the middle of its day. */
export async function openScene(): Promise<Scene> {
  const running = process.env.SHOTS_URL
  if (running) return { consoleUrl: running, phoneUrl: process.env.SHOTS_PHONE_URL, close: async () => undefined }
  const [port, sandboxPort] = [await freePort(), await freePort()]
  const dataDir = await mkdtemp(join(tmpdir(), 'nuanyu-shots-'))
  const server = await startServerProcess(port, { SANDBOX_PORT: String(sandboxPort), DATA_DIR: dataDir })
  const phoneUrl = `http://127.0.0.1:${sandboxPort}`
  const consoleUrl = `http://127.0.0.1:${port}`
  const close = async () => {
    await server.stop()
    await rm(dataDir, { recursive: true, force: true })
  }
  try {
    await playMorning(phoneUrl)
    await sellSomething(consoleUrl, phoneUrl)
    await workInTheOffice(consoleUrl)
    await sendSomething(consoleUrl, phoneUrl)
    await showMoments(consoleUrl, phoneUrl)
  } catch (error) {
    // a scene that does not come about must not leave its server and database behind
    await close()
    throw error
  }
  return { consoleUrl, phoneUrl, close }
}

/** Ten in the morning: people scan the brand's codes one after the other, and a few think better of it. */
async function playMorning(sandboxUrl: string): Promise<void> {
  const { nowMs } = await call<{ nowMs: number }>(sandboxUrl, '/sandbox/clock')
  await call(sandboxUrl, '/sandbox/clock', { setMs: nextTen(nowMs) })
  const codes = await codesOf(sandboxUrl)
  for (let at = 0; at < scanners && codes.length > 0; at += 1) {
    const content = codes[at % Math.min(codes.length, 5)]?.content
    const added = await call<{ outcome: string; userid: string }>(sandboxUrl, `/sandbox/people/c${at}/add`, { content })
    if (at < leavers && added.outcome === 'added')
      await call(sandboxUrl, `/sandbox/people/c${at}/delete`, { peer: added.userid })
  }
  const newcomer = await call<{ id: string }>(sandboxUrl, '/sandbox/people', { role: 'customer', name: longName })
  await call(sandboxUrl, `/sandbox/people/${newcomer.id}/add`, { content: codes[0]?.content })
}

/** The codes that the server makes for the demo brand after its start. */
async function codesOf(sandboxUrl: string): Promise<{ content: string }[]> {
  const until = Date.now() + patienceMs
  while (Date.now() < until) {
    const { codes } = await call<{ codes: { kind: string; content: string }[] }>(sandboxUrl, '/sandbox/codes')
    const ways = codes.filter((code) => code.kind === 'contact_way')
    if (ways.length > 0) return ways
    await new Promise((resolve) => setTimeout(resolve, 500))
  }
  return []
}

/** The next 10:00 in Shanghai, which is 02:00 UTC. */
function nextTen(nowMs: number): number {
  const ten = Math.floor(nowMs / day) * day + day / 12
  return ten > nowMs ? ten : ten + day
}

/** GET without a body, POST with one. */
async function call<T>(base: string, path: string, body?: unknown): Promise<T> {
  const answer = await fetch(
    base + path,
    body === undefined
      ? {}
      : { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) },
  )
  if (!answer.ok) throw new Error(`${path} answered ${answer.status}: ${await answer.text()}`)
  return (await answer.json()) as T
}
