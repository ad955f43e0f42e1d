import http from 'node:http'
import type { AddressInfo } from 'node:net'
import { findEndpointByPath, openCallback, openVerification, parseEvent, type WecomEvent } from '@nuanyu/wecom'
import { onTestFinished } from 'vitest'
import type { AddResponse, NewFaultInput, PersonDetail, SettingsPatch } from '../admin/schema.ts'
import { createSandbox, type Sandbox, type SandboxOptions } from '../sandbox.ts'

/** Token and key of the official example [90968]. */
export const KEYS = { token: 'QDG6eK', aesKey: 'jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C' }
/** 11 November, ten o'clock in Shanghai; the clock stands still unless a test moves it. */
export const START_MS = Date.UTC(2026, 10, 11, 2)

/** What an answer of the platform or of the admin interface is judged by; a test names what it expects. */
// biome-ignore lint/suspicious/noExplicitAny: replies of every shape, looked at by expectations only
export type Answer = any

export interface Stage {
  sandbox: Sandbox
  url: string
  /** What each app was told, in order of arrival. */
  events: WecomEvent[]
  /** Answers of the receiver before it says 200: statuses, or `hang` for silence. */
  misbehave: (number | 'hang' | 'cut')[]
  /** What the receiver's next replies say; nothing where there is none. */
  replies: (() => string)[]
  /** An admin call. */
  admin(method: string, path: string, body?: unknown): Promise<Answer>
  /** A platform call with the token of `app`. */
  call(path: string, body?: unknown, app?: string): Promise<Answer>
  get(path: string, query?: Record<string, string>, app?: string): Promise<Answer>
  token(app?: string): Promise<string>
  upload(path: string, file: Uint8Array<ArrayBuffer>, filename?: string): Promise<Answer>
  subscribe(app?: string, events?: string[]): Promise<void>
  settings(patch: SettingsPatch): Promise<Answer>
  fault(fault: NewFaultInput): Promise<Answer>
  customer(name?: string): Promise<PersonDetail>
  /** Makes a contact way and lets a new customer add by it. */
  add(options?: {
    user?: string[]
    state?: string
    way?: object
    half?: boolean
  }): Promise<AddResponse & { person: PersonDetail; config: string }>
  advance(ms: number): Promise<void>
}

/** A sandbox with a receiver of its callbacks; both end with the test. */
export async function stage(options: SandboxOptions = {}): Promise<Stage> {
  const sandbox = createSandbox({ people: 60, staff: 12, clock: { paused: true, startMs: START_MS }, ...options })
  onTestFinished(() => sandbox.close())
  const { url } = await sandbox.listen({ port: 0 })
  const events: WecomEvent[] = []
  const misbehave: Stage['misbehave'] = []
  const replies: Stage['replies'] = []
  const receiverUrl = await receive({ corpId: sandbox.world.corpId, events, misbehave, replies })
  const tokens = new Map<string, { text: string; untilMs: number }>()

  const admin: Stage['admin'] = async (method, path, body) => {
    const answer = await fetch(`${url}/sandbox${path}`, {
      method,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    return await answer.json()
  }
  const token: Stage['token'] = async (app = 'nuanyu') => {
    const known = tokens.get(app)
    if (known !== undefined && sandbox.clock.now() < known.untilMs) return known.text
    const query = new URLSearchParams({
      corpid: sandbox.world.corpId,
      corpsecret: sandbox.platform.apps.get(app)?.secret ?? '',
    })
    const { access_token, expires_in }: Answer = await (await fetch(`${url}/cgi-bin/gettoken?${query}`)).json()
    tokens.set(app, { text: access_token, untilMs: sandbox.clock.now() + expires_in * 1000 })
    return access_token
  }
  const judged = async (url: string, init?: RequestInit): Promise<Answer> => {
    const answer: Answer = await (await fetch(url, init)).json()
    judge(new URL(url).pathname, answer)
    return answer
  }
  const at = async (path: string, app?: string, query: Record<string, string> = {}) =>
    `${url}/cgi-bin/${path}?${new URLSearchParams({ access_token: await token(app), ...query })}`

  const self: Stage = {
    sandbox,
    url,
    events,
    misbehave,
    replies,
    admin,
    token,
    async call(path, body = {}, app) {
      return await judged(await at(path, app), { method: 'POST', body: JSON.stringify(body) })
    },
    async get(path, query, app) {
      return await judged(await at(path, app, query))
    },
    async upload(path, file, filename = 'picture.png') {
      const [pure = '', query = ''] = path.split('?')
      const form = new FormData()
      form.append('media', new Blob([file]), filename)
      const address = await at(pure, undefined, Object.fromEntries(new URLSearchParams(query)))
      return await judged(address, { method: 'POST', body: form })
    },
    async subscribe(app = 'nuanyu', families) {
      const config = {
        url: `${receiverUrl}?app=${app}`,
        ...KEYS,
        ...(families === undefined ? {} : { events: families }),
      }
      const answer = await admin('PUT', `/corps/${sandbox.world.corpId}/apps/${app}/callback`, config)
      if (answer.error !== undefined) throw new Error(answer.error.message)
    },
    settings: (patch) => admin('PATCH', '/settings', patch),
    fault: (fault) => admin('POST', '/faults', fault),
    customer: (name = '小鱼') => admin('POST', '/people', { role: 'customer', name }),
    async add({ user = ['chenxiaoyu'], state = 'poster', way = {}, half } = {}) {
      const made = await self.call('externalcontact/add_contact_way', {
        type: user.length === 1 ? 1 : 2,
        scene: 2,
        state,
        user,
        ...way,
      })
      const person = await self.customer()
      const added = await admin('POST', `/people/${person.id}/add`, { content: made.qr_code, half })
      await sandbox.settled()
      return { ...added, person, config: made.config_id }
    },
    async advance(ms) {
      await admin('POST', '/clock', { advanceMs: ms })
      await sandbox.settled()
    },
  }
  return self
}

/** Codes that every interface may answer [90313]. */
const EVERYWHERE = new Set([-1, 40014, 40058, 40206, 41001, 42001, 45009, 45033, 45035, 48002, 48009, 50003, 60020])

/** Whatever a test asks, the answer has the declared shape and the error is one that the declaration knows. */
function judge(path: string, answer: Answer): void {
  const endpoint = findEndpointByPath(path)?.endpoint
  if (endpoint === undefined) return
  if (answer.errcode === 0) endpoint.response.parse(answer)
  else if (!EVERYWHERE.has(answer.errcode) && !endpoint.errors.includes(answer.errcode)) {
    throw new Error(`${path} answered ${answer.errcode}, which its declaration does not list`)
  }
}

type Receiver = Pick<Stage, 'events' | 'misbehave' | 'replies'> & { readonly corpId: string }

async function receive({ corpId, events, misbehave, replies }: Receiver): Promise<string> {
  const keys = { ...KEYS, receiveId: corpId }
  const server = http.createServer((request, response) => {
    const query = Object.fromEntries(new URL(request.url ?? '/', 'http://receiver').searchParams)
    if (request.method === 'GET') return void response.end(openVerification({ ...keys, query }))
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const how = misbehave.shift()
      if (how === 'hang') return
      if (how === 'cut') return void request.socket.destroy()
      events.push(parseEvent(openCallback({ ...keys, query, body: Buffer.concat(chunks) }).xml))
      response.statusCode = how ?? 200
      response.end(replies.shift()?.() ?? '')
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(
    () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  )
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
}

/** The smallest PNG there is: one pixel. */
export const PNG: Uint8Array<ArrayBuffer> = new Uint8Array(
  Buffer.from(
    'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
    'base64',
  ),
)
