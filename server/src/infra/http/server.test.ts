import { z } from '@hono/zod-openapi'
import { describe, expect, it } from 'vitest'
import { AppError } from '../errors.ts'
import { createLog } from '../log.ts'
import { createApi } from './api.ts'
import { route } from './route.ts'
import { createApplication } from './server.ts'

const lines: string[] = []
const app = createApplication(createLog('trace', { write: (line) => void lines.push(line) }), {
  sandboxUrl: 'http://localhost:3001',
})
const api = createApi()
api.openapi(
  route(
    { gate: 'public', audit: { none: 'a test' } },
    {
      method: 'post',
      path: '/api/echo',
      request: {
        body: { content: { 'application/json': { schema: z.object({ name: z.string() }) } }, required: true },
      },
      responses: {
        200: { description: 'ok', content: { 'application/json': { schema: z.object({ name: z.string() }) } } },
      },
    },
  ),
  (c) => c.json(c.req.valid('json'), 200),
)
app.route('/', api)
app.get('/page', (c) => c.html('<p>a page</p>'))
app.get('/script.js', (c) => c.body('0', 200, { 'content-type': 'text/javascript; charset=utf-8' }))
app.get('/api/rule', () => {
  throw new AppError('rule', { zh: '不行', en: 'no' }, { hint: { zh: '这样做', en: 'do this' } })
})
app.get('/api/bug', () => {
  throw new Error('password=hunter2hunter2 of 13812345678')
})

const echo = (body: string, headers: Record<string, string> = { 'content-type': 'application/json' }) =>
  app.request('/api/echo', { method: 'POST', body, headers })

describe('every answer', () => {
  it('that is a document carries the whole policy', async () => {
    const { headers } = await app.request('/page')
    const policy = headers.get('content-security-policy') ?? ''
    expect(policy).toContain("default-src 'self'")
    expect(policy).toContain("script-src 'self';")
    expect(policy).toContain("frame-ancestors 'none'")
    expect(policy).toContain("object-src 'none'")
    expect(policy).toContain("base-uri 'self'")
    expect(policy).toContain("form-action 'self'")
    for (const rule of ['frame-src', 'connect-src'])
      expect(policy).toContain(`${rule} 'self' http://localhost:3001 http://127.0.0.1:3001;`)
    expect(policy).not.toContain('unsafe-eval')
    expect(headers.get('x-frame-options')).toBe('SAMEORIGIN')
    expect(headers.get('cross-origin-opener-policy')).toBe('same-origin')
  })

  it('that is none may run nothing and be framed by nobody, refusals too', async () => {
    for (const path of ['/api/rule', '/api/bug', '/api/nothing', '/']) {
      const { headers } = await app.request(path)
      expect(headers.get('content-security-policy')).toBe("default-src 'none'; frame-ancestors 'none'")
      expect(headers.get('referrer-policy')).toBe('no-referrer')
      expect(headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/)
    }
  })

  it('is taken for nothing but what it says it is, and by no other site', async () => {
    for (const path of ['/page', '/script.js', '/api/rule', '/api/nothing']) {
      const { headers } = await app.request(path)
      expect(headers.get('x-content-type-options')).toBe('nosniff')
      expect(headers.get('cross-origin-resource-policy')).toBe('same-origin')
    }
  })

  it('that is a script carries no policy: the first page loads some forty of them', async () => {
    const { headers } = await app.request('/script.js')
    expect(headers.get('content-security-policy')).toBeNull()
  })

  it('to a refusal has the one shape, in the reader’s language', async () => {
    const zh = await app.request('/api/rule')
    expect([zh.status, await zh.json()]).toEqual([422, { code: 'rule', message: '不行', hint: '这样做' }])
    const en = await app.request('/api/rule', { headers: { 'accept-language': 'en-GB' } })
    expect(await en.json()).toMatchObject({ message: 'no', hint: 'do this' })
  })

  it('to a request that does not fit names the fields or says what is wrong with the body', async () => {
    const wrong = await echo('{"name":7}')
    expect([wrong.status, await wrong.json()]).toMatchObject([
      400,
      { code: 'invalid_request', details: { fields: [{ field: 'name' }] } },
    ])
    const broken = await echo('{"name":')
    expect([broken.status, await broken.json()]).toMatchObject([400, { code: 'invalid_request' }])
    const form = await echo('name=x', { 'content-type': 'text/plain' })
    expect([form.status, await form.json()]).toMatchObject([400, { code: 'invalid_request' }])
  })

  it('to an address that does not exist has that shape too', async () => {
    const nowhere = await app.request('/api/nowhere')
    expect([nowhere.status, await nowhere.json()]).toMatchObject([404, { code: 'not_found' }])
  })

  it('to a body above 20 MB says the limit', async () => {
    const body = JSON.stringify({ name: 'x'.repeat(21 * 1024 * 1024) })
    // also where strangers speak: of an address that is not there the body is not read either
    for (const large of [await echo(body), await app.request('/v1/nothing', { method: 'POST', body })])
      expect([large.status, await large.json()]).toMatchObject([413, { code: 'too_large' }])
  })

  it('to a mistake of ours gives a number to hand on, and neither answer nor log shows a secret', async () => {
    const response = await app.request('/api/bug')
    const body = JSON.stringify(await response.json())
    expect(response.status).toBe(500)
    expect(body).toContain(response.headers.get('x-request-id'))
    const all = body + lines.join('')
    expect(lines.join('')).toContain('unexpected error')
    expect(all).not.toContain('hunter2hunter2')
    expect(all).not.toContain('13812345678')
  })
})
