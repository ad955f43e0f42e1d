import { v7 as uuid } from 'uuid'
import { describe, expect, it } from 'vitest'
import { channelInput, channelStage } from './channel-stage.ts'

const stage = await channelStage()
const { db, client, clock, corpId, upkeep } = stage
const users = await stage.staff(4)
const [a = '', b = '', c = '', d = ''] = users
const operator = await stage.as('operator')
const seventeen = uuid()
const eighteen = uuid()
await db
  .insertInto('stores')
  .values([
    { id: seventeen, corp_id: corpId, code: '17', name: '17 号店', created_at: clock.now() },
    { id: eighteen, corp_id: corpId, code: '18', name: '18 号店', created_at: clock.now() },
  ])
  .execute()
await db.updateTable('staff').set({ store_id: seventeen }).where('userid', 'in', [a, b]).execute()
await db.updateTable('staff').set({ store_id: eighteen }).where('userid', 'in', [c, d]).execute()

async function make(over: Record<string, unknown>) {
  const reply = await operator.post('/api/channels', channelInput([], over))
  expect(reply.status, JSON.stringify(reply.body)).toBe(201)
  await upkeep.pass()
  return (reply.body as { id: string }).id
}
async function picture(id: string) {
  const response = await operator.send(`/api/channels/${id}/qr?format=png&size=300`)
  expect(response.status).toBe(200)
  return Buffer.from(await response.arrayBuffer()).toString('base64')
}
async function behind(id: string) {
  const { config_id } = await db
    .selectFrom('channel_codes')
    .select('config_id')
    .where('channel_id', '=', id)
    .executeTakeFirstOrThrow()
  return [...(await client.contactWays.get({ config_id: config_id ?? '' })).contact_way.user].sort()
}
const ofStore = { store_id: seventeen, members: [{ kind: 'store', ref: seventeen }] }

describe('where a printed code leads', () => {
  it('changes to another store’s staff without a new picture, and says who did it, when and why', async () => {
    const id = await make(ofStore)
    const printed = await picture(id)
    expect(await behind(id)).toEqual([a, b].sort())
    const reply = await operator.post(`/api/channels/${id}/routes`, { store_id: eighteen, reason: '17 号店闭店' })
    expect(reply.body).toMatchObject({ items: [{ from: '17 号店', to: '18 号店', reason: '17 号店闭店' }] })
    await upkeep.pass()
    expect(await behind(id)).toEqual([c, d].sort())
    expect(await picture(id)).toBe(printed)
    expect((await operator.get(`/api/channels/${id}`)).body).toMatchObject({
      routed_store: { name: '18 号店' },
      store: { name: '17 号店' },
    })
    expect(stage.audited.at(-1)).toMatchObject({
      action: 'channel.reroute',
      objectId: id,
      reason: '17 号店闭店',
      after: { store: eighteen },
    })

    await operator.post(`/api/channels/${id}/routes`, { store_id: null, reason: '重新开业' })
    await upkeep.pass()
    expect(await behind(id)).toEqual([a, b].sort())
    expect((await operator.get(`/api/channels/${id}/routes`)).body).toMatchObject({
      items: [{ to: '17 号店' }, { to: '18 号店' }],
    })
  })

  it('a closed store raises an alarm until its code leads elsewhere, and no code is led to a closed one', async () => {
    const id = await make(ofStore)
    await db.updateTable('stores').set({ closed_at: clock.now() }).where('id', '=', seventeen).execute()
    await upkeep.pass({ sweep: true })
    const standing = () =>
      db
        .selectFrom('alarms')
        .select('key')
        .where('key', '=', `channel.closed_store:${id}`)
        .where('cleared_at', 'is', null)
        .execute()
    expect(await standing()).toHaveLength(1)
    await operator.post(`/api/channels/${id}/routes`, { store_id: eighteen, reason: '闭店' })
    await upkeep.pass({ sweep: true })
    expect(await standing()).toHaveLength(0)
    const back = await operator.post(`/api/channels/${id}/routes`, { store_id: seventeen, reason: 'x' })
    expect(back.body).toMatchObject({ code: 'rule', message: expect.stringContaining('已闭店') })
    await db.updateTable('stores').set({ closed_at: null }).where('id', '=', seventeen).execute()
  })

  it('a code that one store answers is that store’s without being told, and can be led elsewhere', async () => {
    const id = await make({ members: [{ kind: 'store', ref: seventeen }] })
    const reply = await operator.post(`/api/channels/${id}/routes`, { store_id: eighteen, reason: '装修' })
    expect(reply.body).toMatchObject({ items: [{ from: '17 号店', to: '18 号店' }] })
    await upkeep.pass()
    expect(await behind(id)).toEqual([c, d].sort())
  })

  it('a code of two stores that is no store’s is not led elsewhere in name only', async () => {
    const members = [seventeen, eighteen].map((ref) => ({ kind: 'store', ref }))
    const id = await make({ members })
    expect((await operator.post(`/api/channels/${id}/routes`, { store_id: eighteen, reason: 'x' })).body).toMatchObject(
      { code: 'rule' },
    )
  })

  it('a channel of named members has no store to change, and says what to do instead', async () => {
    const id = await make({ members: [{ kind: 'staff', ref: a }] })
    expect((await operator.post(`/api/channels/${id}/routes`, { store_id: eighteen, reason: 'x' })).body).toMatchObject(
      { code: 'rule', hint: expect.stringContaining('编辑接待员工') },
    )
  })
})
