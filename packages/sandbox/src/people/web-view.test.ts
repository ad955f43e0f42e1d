import http from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createSandbox } from '../sandbox.ts'

const sandbox = createSandbox({ people: 20, staff: 5 })
let url: string
let brand: string
const seen: { path: string; agent: string; cookie: string }[] = []

/** The brand's site: `/c/x` asks the platform who the visitor is and greets him, `/file` is no page. */
const site = http.createServer((request, response) => {
  const asked = new URL(request.url ?? '/', brand)
  seen.push({
    path: asked.pathname,
    agent: request.headers['user-agent'] ?? '',
    cookie: request.headers.cookie ?? '',
  })
  if (asked.pathname === '/file') {
    response.setHeader('content-type', 'application/pdf')
    response.end('%PDF')
  } else if (asked.pathname === '/round') {
    response.writeHead(302, { location: '/round' }).end()
  } else if (asked.searchParams.has('code')) {
    response.setHeader('content-type', 'text/html; charset=utf-8')
    response.end(`<h1>code ${asked.searchParams.get('code')}</h1>`)
  } else {
    const back = encodeURIComponent(`${brand}${asked.pathname}`)
    const to = `${url}/connect/oauth2/authorize?appid=${sandbox.world.corpId}&redirect_uri=${back}&response_type=code&scope=snsapi_base&state=s1#wechat_redirect`
    response.writeHead(302, { location: to, 'set-cookie': `visitor=${seen.length}; Path=/c/; HttpOnly` }).end()
  }
})

beforeAll(async () => {
  await new Promise<void>((resolve) => site.listen(0, '127.0.0.1', resolve))
  brand = `http://127.0.0.1:${(site.address() as AddressInfo).port}`
  url = (await sandbox.listen({ port: 0 })).url
})
afterAll(async () => {
  site.close()
  await sandbox.close()
})

async function open(person: string, address: string) {
  const answer = await fetch(`${url}/sandbox/people/${person}/open`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ url: address }),
  })
  const body = (await answer.json()) as { html?: string }
  return { status: answer.status, body }
}

test('a page that asks who the visitor is learns it without a question', async () => {
  const { status, body } = await open('c3', `${brand}/c/x`)
  expect(status).toBe(200)
  const code = /code ([\w-]+)/.exec(body.html ?? '')?.[1] ?? ''
  expect(sandbox.platform.oauth.take(code)).toMatchObject({ visitor: { customer: 3 } })
  expect(seen.at(-1)?.agent).toContain('MicroMessenger')
})

test('each person keeps cookies of his own', async () => {
  await open('c3', `${brand}/c/x`)
  const his = seen.at(-1)?.cookie
  expect(his).toMatch(/^visitor=\d+$/)
  await open('c4', `${brand}/c/x`)
  expect(seen.at(-1)?.cookie).not.toBe(his)
})

test('what is no page, leads in circles or is not the brand’s is refused with the reason', async () => {
  expect(await open('c3', `${brand}/file`)).toMatchObject({ status: 409, body: { error: { code: 'no_page' } } })
  expect(await open('c3', `${brand}/round`)).toMatchObject({ status: 409, body: { error: { code: 'redirect_loop' } } })
  expect(await open('c3', 'http://example.com/')).toMatchObject({
    status: 409,
    body: { error: { code: 'foreign_page' } },
  })
  expect(await open('c3', 'file:///etc/passwd')).toMatchObject({ status: 400 })
})
