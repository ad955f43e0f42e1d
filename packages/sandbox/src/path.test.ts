import http from 'node:http'
import type { AddressInfo } from 'node:net'
import { openCallback, openVerification, parseEvent, type WecomEvent } from '@nuanyu/wecom'
import { afterEach, expect, test } from 'vitest'
import { createSandbox, type Sandbox } from './index.ts'

const KEYS = { token: 'QDG6eK', aesKey: 'jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C' }
const open: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const close of open.splice(0)) await close()
})

async function start(): Promise<{ sandbox: Sandbox; url: string; events: WecomEvent[]; json: Json }> {
  const sandbox = createSandbox({ clock: { paused: true, startMs: Date.UTC(2026, 10, 11, 2) } })
  open.push(() => sandbox.close())
  const { url } = await sandbox.listen({ port: 0 })
  const events: WecomEvent[] = []
  const receiver = http.createServer((request, response) => {
    const query = Object.fromEntries(new URL(request.url ?? '/', 'http://x').searchParams)
    const keys = { ...KEYS, receiveId: sandbox.world.corpId }
    if (request.method === 'GET') return void response.end(openVerification({ ...keys, query }))
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      events.push(parseEvent(openCallback({ ...keys, query, body: Buffer.concat(chunks) }).xml))
      response.end()
    })
  })
  await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve))
  open.push(() => new Promise((resolve) => receiver.close(resolve)))
  const json: Json = async (method, path, body) => {
    const answer = await fetch(url + path, { method, ...(body === undefined ? {} : { body: JSON.stringify(body) }) })
    return await answer.json()
  }
  const callback = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/`
  await json('PUT', `/sandbox/corps/${sandbox.world.corpId}/apps/nuanyu/callback`, { url: callback, ...KEYS })
  return { sandbox, url, events, json }
}
// biome-ignore lint/suspicious/noExplicitAny: answers are judged by what the test expects of them
type Json = (method: string, path: string, body?: unknown) => Promise<any>

test('a scan leads to one encrypted callback with state and code, and the welcome reaches the customer', async () => {
  const { sandbox, events, json } = await start()
  const { corps } = await json('GET', '/sandbox/corps')
  const app = corps[0].apps[0]
  const { access_token } = await json('GET', `/cgi-bin/gettoken?corpid=${corps[0].corpId}&corpsecret=${app.secret}`)
  const made = await json('POST', `/cgi-bin/externalcontact/add_contact_way?access_token=${access_token}`, {
    type: 1,
    scene: 2,
    state: 'poster-1',
    user: ['chenxiaoyu'],
  })
  expect(made.errcode).toBe(0)
  const customer = await json('POST', '/sandbox/people', { role: 'customer', name: '小鱼' })
  const seen = await json('POST', `/sandbox/people/${customer.id}/scan`, { content: made.qr_code })
  expect(seen).toMatchObject({ kind: 'contact_way', member: { name: '陈晓雨' }, alreadyFriends: false })
  const added = await json('POST', `/sandbox/people/${customer.id}/add`, { content: made.qr_code })
  expect(added).toMatchObject({ outcome: 'added', userid: 'chenxiaoyu', state: 'poster-1' })
  await sandbox.settled()
  expect(events).toMatchObject([
    { kind: 'customer.added', userId: 'chenxiaoyu', externalUserId: customer.externalUserId, state: 'poster-1' },
  ])
  const [event] = events
  const welcome_code = event?.kind === 'customer.added' ? event.welcomeCode : undefined
  const greeting = { welcome_code, text: { content: '欢迎来到鲜果连锁' } }
  const path = `/cgi-bin/externalcontact/send_welcome_msg?access_token=${access_token}`
  expect(await json('POST', path, greeting)).toEqual({ errcode: 0, errmsg: 'ok' })
  expect((await json('POST', path, greeting)).errcode).toBe(41051)
  const { messages } = await json('GET', `/sandbox/people/${customer.id}/chats/chenxiaoyu/messages`)
  expect(messages.map((m: { body: unknown }) => m.body)).toEqual([
    { type: 'notice', text: '你已添加了陈晓雨，现在可以开始聊天了。' },
    { type: 'text', content: '欢迎来到鲜果连锁' },
  ])
  expect(await json('GET', '/sandbox/oracle/summary')).toMatchObject({
    adds: { total: 1, withCode: 1 },
    welcomes: { sent: 1, duplicates: 0, missing: 0, pending: 0 },
    callbacks: { total: 1, acknowledged: 1, attempts: 1 },
  })
})
