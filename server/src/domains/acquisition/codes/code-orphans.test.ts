import { beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { operationOver, workingOperations } from '../../../infra/operations/testing.ts'
import { testDatabase } from '../../../infra/postgres/testing.ts'
import { defineChannelOperations } from '../channels/channel-operations.ts'
import { channelInput, channelStage } from '../channels/channel-stage.ts'

const database = await testDatabase()
const operations = await workingOperations(database)
const stage = await channelStage({ database, services: { operations } })
defineChannelOperations(stage.services)
const { db, client, clock, corpId, upkeep } = stage
const [a = '', b = ''] = await stage.staff(3)
const operator = await stage.as('operator')

beforeAll(async () => {
  // the sandbox lists by its own clock
  clock.set(new Date(stage.sandbox.clock.now() + 60_000))
})

const orphans = z.object({ items: z.array(z.object({ id: z.string(), kind: z.string(), config_id: z.string() })) })

async function look() {
  const { operation_id: id } = (await operator.post('/api/channels/orphans')).as(z.object({ operation_id: z.string() }))
  expect(await operationOver(operations, corpId, id)).toMatchObject({ state: 'done', error: null })
  return (await operator.get('/api/channels/orphans')).as(orphans).items
}
const stranger = (state: string) =>
  client.contactWays.add({ type: 2, scene: 2, user: [a], state, remark: '老系统的码' })

describe('codes on one side only', () => {
  it('a code that another program made is found, adopted with its picture and state, and then kept by us', async () => {
    const { config_id: config, qr_code: picture } = await stranger('oldsystem1')
    const [found] = await look()
    expect(found).toMatchObject({ kind: 'unknown_here', config_id: config })
    expect((await operator.post(`/api/channels/orphans/${found?.id}/adopt`)).status).toBe(204)
    await upkeep.pass()
    const list = await operator.get('/api/channels?q=oldsystem1')
    expect(list.body).toMatchObject({
      items: [{ name: '老系统的码', state: 'oldsystem1', ready: true, on_duty: 1, pending_since: null }],
    })
    const code = await db
      .selectFrom('channel_codes')
      .selectAll()
      .where('config_id', '=', config)
      .executeTakeFirstOrThrow()
    expect(code).toMatchObject({ url: picture, revision: 0 })
    expect(await look()).toEqual([])
  })

  it('one that nobody needs is deleted at the platform', async () => {
    const { config_id: config } = await stranger('oldsystem2')
    const [found] = await look()
    expect((await operator.post(`/api/channels/orphans/${found?.id}/delete`)).status).toBe(204)
    await expect(client.contactWays.get({ config_id: config })).rejects.toMatchObject({ errcode: 41044 })
    expect(await look()).toEqual([])
  })

  it('ours that the platform lost is found and rebuilt', async () => {
    const { id } = (await operator.post('/api/channels', channelInput([b]))).as(z.object({ id: z.string() }))
    await upkeep.pass()
    const codeOf = () =>
      db.selectFrom('channel_codes').select('config_id').where('channel_id', '=', id).executeTakeFirstOrThrow()
    const lost = (await codeOf()).config_id ?? ''
    await client.contactWays.remove({ config_id: lost })
    const [found] = await look()
    expect(found).toMatchObject({ kind: 'gone_there', config_id: lost })
    expect((await operator.post(`/api/channels/orphans/${found?.id}/rebuild`)).status).toBe(204)
    await upkeep.pass()
    const now = (await codeOf()).config_id ?? ''
    expect(now).not.toBe(lost)
    expect((await client.contactWays.get({ config_id: now })).contact_way.user).toEqual([b])
  })

  it('each can be done to its own kind only', async () => {
    await stranger('oldsystem3')
    const [found] = await look()
    expect((await operator.post(`/api/channels/orphans/${found?.id}/rebuild`)).status).toBe(404)
  })
})
