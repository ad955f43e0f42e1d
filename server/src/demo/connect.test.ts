import http from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, expect, test } from 'vitest'
import { testSite } from '../infra/http/testing.ts'
import { connectDemoBrand } from './connect.ts'

const app = { appKey: 'nuanyu', agentId: 1, name: '暖域', kind: 'own', secret: 's' }
/** How often the platform still finds no answer at the callback address. */
let late = 0
let asked = 0
const sandbox = http.createServer((request, response) => {
  response.setHeader('content-type', 'application/json')
  if (request.method === 'GET')
    return void response.end(JSON.stringify({ corps: [{ corpId: 'ww1', name: '鲜果连锁', apps: [app] }] }))
  asked += 1
  request.resume()
  response.statusCode = late > 0 ? 409 : 200
  late -= 1
  response.end(response.statusCode === 200 ? '{}' : 'no answer within 1000 ms')
})
const url = await new Promise<string>((resolve) => {
  sandbox.listen(0, '127.0.0.1', () => resolve(`http://127.0.0.1:${(sandbox.address() as AddressInfo).port}`))
})
afterAll(() => sandbox.close())
const { services } = await testSite({ routes: () => [] })
const connect = () => connectDemoBrand(services, url, async () => undefined)

test('an address that never answers is refused in the platform’s words', async () => {
  late = Number.POSITIVE_INFINITY
  await expect(connect()).rejects.toThrow('no answer within 1000 ms')
})

test('a machine that answers late at its start is verified once it answers', async () => {
  asked = 0
  late = 2
  expect(await connect()).toBeGreaterThan(0)
  expect(asked).toBe(3)
})
