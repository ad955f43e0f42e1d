import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { memoryBudget } from '../budget/memory.ts'
import { memoryTokenStore } from '../tokens/memory.ts'
import { createWeixinClient } from './client.ts'

type Play = object | Buffer

/** Plays the answers of api.weixin.qq.com in turn; the token's own are `token-1`, `token-2`, … */
async function platform(plays: Record<string, Play[]>) {
  const seen: string[] = []
  let tokens = 0
  const server = createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://x')
    seen.push(`${pathname} ${searchParams.get('access_token') ?? '-'}`)
    request.resume().on('end', () => {
      const given = plays[pathname]?.shift()
      const fallback = pathname.endsWith('_token') ? { access_token: `token-${++tokens}`, expires_in: 7200 } : {}
      if (Buffer.isBuffer(given)) response.writeHead(200, { 'content-type': 'image/png' }).end(given)
      else response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(given ?? fallback))
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(async () => {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  })
  const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const budget = memoryBudget()
  const client = createWeixinClient({
    baseUrl,
    appId: 'wx1',
    appKey: 'service',
    secret: 's3cret',
    tokens: memoryTokenStore(),
    budget,
  })
  return { client, seen, budget }
}

test('a token that is not the latest (40001) is fetched anew, once', async () => {
  const page = { total: 1, count: 1, data: { openid: ['o1'] }, next_openid: 'o1' }
  const { client, seen } = await platform({ '/cgi-bin/user/get': [{ errcode: 40001, errmsg: 'not latest' }, page] })
  expect(await client.followers.list({})).toEqual(page)
  expect(seen).toEqual([
    '/cgi-bin/stable_token -',
    '/cgi-bin/user/get token-1',
    '/cgi-bin/stable_token -',
    '/cgi-bin/user/get token-2',
  ])
})

test('a wrong AppSecret opens the circuit: nothing goes out until a person changes it', async () => {
  const wrong = { errcode: 40125, errmsg: 'invalid appsecret s3cret' }
  const { client, seen } = await platform({ '/cgi-bin/stable_token': [wrong] })
  await expect(client.followers.list({})).rejects.toMatchObject({ name: 'CircuitOpenError' })
  const again = await client.followers.list({}).catch((error: Error) => error)
  expect(String(again)).not.toContain('s3cret')
  await expect(client.openSession('code')).rejects.toMatchObject({ name: 'CircuitOpenError' })
  expect(seen).toHaveLength(1)
  await client.invalidate()
  await client.qrcodes
    .create({ action_name: 'QR_STR_SCENE', action_info: { scene: { scene_str: 'a' } } })
    .catch(() => {})
  expect(seen.length).toBeGreaterThan(1)
})

test('a code speaks of WeChat, not of WeCom, and a day’s quota is not waited for', async () => {
  const { client, seen } = await platform({
    '/cgi-bin/user/info': [{ errcode: 40003, errmsg: 'invalid openid' }],
    '/cgi-bin/message/template/send': [{ errcode: 45009, errmsg: 'reach max api daily quota limit' }],
  })
  await expect(client.followers.get({ openid: 'o1' })).rejects.toMatchObject({
    errcode: 40003,
    meaning: 'the openid is invalid for this account',
    endpoint: 'weixin.followers.get',
  })
  const message = { touser: 'o1', template_id: 't1', data: { thing1: { value: 'x' } } }
  await expect(client.templateMessages.send(message)).rejects.toMatchObject({ errcode: 45009 })
  expect(seen.filter((line) => line.includes('template'))).toHaveLength(1)
})

test('a code’s picture comes as bytes; its failure as an error', async () => {
  const png = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0xff, 0x00])
  const { client } = await platform({ '/wxa/getwxacodeunlimit': [png, { errcode: 41030, errmsg: 'invalid page' }] })
  const { contentType, bytes } = await client.wxacodes.getUnlimited({ scene: 'a=1' })
  expect([contentType, Buffer.from(bytes)]).toEqual(['image/png', png])
  await expect(client.wxacodes.getUnlimited({ scene: 'a=1', page: 'x' })).rejects.toMatchObject({ errcode: 41030 })
})

test('budgets of equal paths on the two platforms are counted apart', async () => {
  const { client, budget } = await platform({ '/cgi-bin/user/get': [{ total: 0, count: 0, next_openid: '' }] })
  await client.followers.list({})
  expect(budget.forecasts().map((one) => one.path)).toContain('/weixin/cgi-bin/user/get')
})
