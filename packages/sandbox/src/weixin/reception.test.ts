import { expect, test } from 'vitest'
import { weixinStage } from './testing.ts'

const template = (fields: readonly string[]) => Object.fromEntries(fields.map((field) => [field, { value: '1' }]))

test('a template message that is taken may fail: refused by the person, or lost by the platform; only the callback tells', async () => {
  const { account, act, admin, client, customer, sandbox, told } = await weixinStage()
  const service = await client('service')
  const { id: template_id, fields } = (await account('service')).templates[0] ?? { id: '', fields: [] }
  const { id } = await customer()
  const touser = (await act(id, 'oa/follow')).accounts[0].openId
  const send = () => service.templateMessages.send({ touser, template_id, data: template(fields) })
  const reached = async () => (await admin('GET', `/people/${id}/chats/app:service/messages`)).messages.length
  await send()
  await act(id, 'oa/receive', { receive: false })
  await send()
  await expect(
    service.serviceMessages.send({ touser, msgtype: 'text', text: { content: '您好' } }),
  ).rejects.toMatchObject({ errcode: 48002 })
  await act(id, 'oa/receive', { receive: true })
  await admin('POST', '/faults', { kind: 'undelivered', match: { event: 'weixin/oa.template_sent' }, times: 1 })
  await send()
  await send()
  await sandbox.settled()
  const outcomes = told.flatMap((event) => (event.kind === 'oa.template_sent' ? [event.status] : []))
  expect(outcomes).toEqual(['success', 'failed:user block', 'failed: system failed', 'success'])
  expect(await reached()).toBe(2)
})

test('one template refused by itself answers 43101 and is told nowhere', async () => {
  const { account, act, client, customer, sandbox, told } = await weixinStage()
  const service = await client('service')
  const { id: template_id, fields } = (await account('service')).templates[0] ?? { id: '', fields: [] }
  const { id } = await customer()
  const touser = (await act(id, 'oa/follow')).accounts[0].openId
  await act(id, 'weixin/template', { account: 'service', template: template_id, receive: false })
  const send = () => service.templateMessages.send({ touser, template_id, data: template(fields) })
  await expect(send()).rejects.toMatchObject({ errcode: 43101 })
  await act(id, 'weixin/template', { account: 'service', template: template_id, receive: true })
  await send()
  await sandbox.settled()
  expect(told.map(({ kind }) => kind)).toEqual(['oa.subscribed', 'oa.template_sent'])
})

test('agreements add up, one message each; turning the template off ends them and is told, turning it on is not', async () => {
  const { account, act, client, customer, sandbox, told } = await weixinStage()
  const shop = await client('shop')
  const [one] = (await account('shop')).templates
  const { id: template_id, fields } = one ?? { id: '', fields: [] }
  const { id } = await customer()
  const answer = (accept: boolean) => act(id, 'miniprogram/subscribe', { templates: [{ id: template_id, accept }] })
  await answer(true)
  const { accounts } = await answer(true)
  expect(accounts[1].consents).toEqual({ [template_id]: 2 })
  // a refusal of one question takes nothing back that was agreed to before
  expect((await answer(false)).accounts[1].consents).toEqual({ [template_id]: 2 })
  const send = () => shop.subscribeMessages.send({ touser: accounts[1].openId, template_id, data: template(fields) })
  await send()
  const set = (receive: boolean) => act(id, 'weixin/template', { account: 'shop', template: template_id, receive })
  expect((await set(false)).accounts[1]).toMatchObject({ consents: {}, refused: [template_id] })
  await set(false)
  await expect(send()).rejects.toMatchObject({ errcode: 43101 })
  // what is turned off is answered by the phone
  expect((await answer(true)).accounts[1].consents).toEqual({})
  await set(true)
  await answer(true)
  await send()
  await sandbox.settled()
  expect(
    told.map((event) =>
      event.kind === 'subscribe_message.answered' ? event.answers.map(({ status }) => status).join() : event.kind,
    ),
  ).toEqual([
    ...['accept', 'accept', 'reject', 'subscribe_message.sent', 'subscribe_message.changed', 'reject', 'accept'],
    'subscribe_message.sent',
  ])
})

test('an Official Account asks on its page and sends by agreement too; its kinds of templates are not mixed up', async () => {
  const { account, act, client, customer, sandbox, told, admin } = await weixinStage()
  const service = await client('service')
  const { templates } = await account('service')
  const notice = templates.find(({ use }) => use === 'subscribe') ?? { id: '', fields: [] }
  const { id } = await customer()
  const asked = { account: 'service', templates: [{ id: notice.id, accept: true }] }
  const touser = (await act(id, 'miniprogram/subscribe', asked)).accounts[0].openId
  const message = { touser, template_id: notice.id, data: template(notice.fields), page: 'https://brand.example/' }
  await expect(service.templateMessages.send(message)).rejects.toMatchObject({ errcode: 40037 })
  await admin('POST', '/faults', { kind: 'undelivered', match: { event: 'weixin/subscribe_message.sent' }, times: 1 })
  await service.subscribeMessages.notify(message)
  await expect(service.subscribeMessages.notify(message)).rejects.toMatchObject({ errcode: 43101 })
  await sandbox.settled()
  expect(told).toMatchObject([
    { kind: 'subscribe_message.answered', answers: [{ status: 'accept', popupScene: '1' }] },
    { kind: 'subscribe_message.sent', results: [{ errorCode: '-1', templateId: notice.id }] },
  ])
  expect((await act(id, 'miniprogram/subscribe', { templates: [{ id: 'x', accept: true }] })).error.code).toBe(
    'template_unknown',
  )
})
