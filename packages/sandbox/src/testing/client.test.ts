import {
  CircuitOpenError,
  createClient,
  memoryBudget,
  memoryTokenStore,
  UnknownOutcomeError,
  WecomError,
} from '@nuanyu/wecom'
import { expect, test } from 'vitest'
import { PNG, type Stage, stage } from './stage.ts'

const connect = ({ sandbox, url }: Stage, secret = sandbox.platform.apps.get('nuanyu')?.secret ?? '') =>
  createClient({
    baseUrl: url,
    corpId: sandbox.world.corpId,
    appKey: 'nuanyu',
    secret,
    tokens: memoryTokenStore(),
    budget: memoryBudget(),
  })
const way = { type: 1, scene: 2, user: ['chenxiaoyu'] } as const

test('the client walks the whole path: code, customer, detail, tag, upload, page', async () => {
  const at = await stage()
  await at.subscribe()
  const client = connect(at)
  const { config_id } = await client.contactWays.add({ ...way, user: [...way.user], state: 'client' })
  const person = await at.customer()
  const { welcomeCodes } = await at.admin('POST', `/people/${person.id}/add`, { content: config_id })
  const { url } = await client.media.uploadImage({ file: PNG, filename: 'welcome.png' })
  const attachments = [{ msgtype: 'image' as const, image: { pic_url: url } }]
  await client.welcome.send({ welcome_code: welcomeCodes[0].welcomeCode, text: { content: '欢迎' }, attachments })
  const external_userid = person.externalUserId ?? ''
  const { follow_user } = await client.customers.get({ external_userid })
  expect(follow_user[0]?.state).toBe('client')
  const { external_contact_list } = await client.customers.batchGetByUser({ userid_list: ['chenxiaoyu'], limit: 100 })
  expect(external_contact_list.map((row) => row.external_contact.external_userid)).toContain(external_userid)
  await expect(client.customers.get({ external_userid: 'wmnobody' })).rejects.toThrow(WecomError)
})

test('a token that the platform took back is fetched anew without the caller noticing', async () => {
  const at = await stage()
  const client = connect(at)
  await client.customers.listFollowUsers({})
  await at.fault({ kind: 'token_revoked', times: 1 })
  expect((await client.customers.listFollowUsers({})).follow_user.length).toBe(12)
  await at.advance(7_200_000)
  expect((await client.customers.listFollowUsers({})).follow_user.length).toBe(12)
})

test('a lost answer of a call that is not safe to repeat is reported as unknown, and was done once', async () => {
  const at = await stage()
  const client = connect(at)
  await client.customers.listFollowUsers({})
  await at.fault({ kind: 'lost_answer', match: { path: 'add_contact_way' } })
  await expect(client.contactWays.add({ ...way, user: [...way.user] })).rejects.toThrow(UnknownOutcomeError)
  expect(at.sandbox.world.codes.contactWays.size).toBe(1)
})

test('a wrong secret opens the circuit before the address is banned', async () => {
  const at = await stage()
  const client = connect(at, 'wrong')
  await expect(client.customers.listFollowUsers({})).rejects.toThrow(/40001|secret|circuit/i)
  for (let n = 0; n < 10; n++) await expect(client.customers.listFollowUsers({})).rejects.toThrow(CircuitOpenError)
  expect((await at.get('getcallbackip')).errcode).toBe(0)
})
