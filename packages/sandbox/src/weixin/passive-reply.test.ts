import { sealWeixinReply, type WeixinReply } from '@nuanyu/wecom'
import { expect, test } from 'vitest'
import { type Answer, KEYS } from '../testing/stage.ts'
import { type WeixinStage, weixinStage } from './testing.ts'

const chat = async ({ admin }: WeixinStage, id: string): Promise<string[]> => {
  const { messages } = await admin('GET', `/people/${id}/chats/app:service/messages`)
  return messages.filter((one: Answer) => one.from !== id).map((one: Answer) => one.body.content ?? one.body.text)
}
const BROKEN = '该公众号暂时无法提供服务，请稍后再试'

test('a callback may be answered with a message, which stands in the chat at once and spends no allowance', async () => {
  const at = await weixinStage()
  const { id } = await at.customer()
  const { accounts } = await at.act(id, 'oa/follow')
  const { appId, originalId } = await at.account('service')
  const say =
    (reply: WeixinReply, openId = accounts[0].openId) =>
    () =>
      sealWeixinReply({ ...KEYS, appId, reply, openId, accountId: originalId, createTime: 1, nonce: 'n' })
  at.answers.push(say({ type: 'text', content: '有的，今天到货' }))
  await at.act(id, 'oa/write', { text: '有榴莲吗' })
  at.answers.push(say({ type: 'transfer_customer_service' }))
  await at.act(id, 'oa/write', { text: '转人工' })
  const service = await at.client('service')
  const more = { touser: accounts[0].openId, msgtype: 'text' as const, text: { content: '再补充' } }
  for (let n = 0; n < 5; n++) await service.serviceMessages.send(more)
  expect(await chat(at, id)).toEqual(['有的，今天到货', ...Array.from({ length: 5 }, () => '再补充')])
})

test('an answer that is no reply, one to somebody else, and none at all are shown as a fault', async () => {
  const at = await weixinStage()
  const { id } = await at.customer()
  const { accounts } = await at.act(id, 'oa/follow')
  const { appId, originalId } = await at.account('service')
  const reply = { type: 'text' as const, content: '给别人的' }
  const envelope = { ...KEYS, appId, reply, accountId: originalId, createTime: 1, nonce: 'n' }
  at.answers.push(() => '{"ok":true}')
  await at.act(id, 'oa/write', { text: '一' })
  at.answers.push(() => sealWeixinReply({ ...envelope, openId: accounts[1].openId }))
  await at.act(id, 'oa/write', { text: '二' })
  // plain text from an account with a key
  at.answers.push(() => sealWeixinReply({ ...envelope, aesKey: undefined, openId: accounts[0].openId }))
  await at.act(id, 'oa/write', { text: '三' })
  at.stumble.push('cut', 'cut', 'cut')
  await at.act(id, 'oa/write', { text: '四' })
  expect(await chat(at, id)).toEqual([BROKEN, BROKEN, BROKEN, BROKEN])
  // after an event that he waits for nothing with, silence is no fault
  at.stumble.push('cut', 'cut', 'cut')
  await at.act(id, 'oa/unfollow')
  await at.act(id, 'oa/follow')
  expect(await chat(at, id)).toHaveLength(4)
})
