import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { channelInput, channelStage } from '../channels/channel-stage.ts'
import { handleLinkCallbacks } from './link.reactions.ts'
import { linkContent } from './link-call.ts'
import { watchLinkQuota } from './link-watch.ts'

const stage = await channelStage()
const { db, client, clock, corpId, upkeep } = stage
const [a = '', b = ''] = await stage.staff(4)
const operator = await stage.as('operator')
const made = z.object({ id: z.string(), state: z.string(), revision: z.number() })
const link = (over: Record<string, unknown> = {}, members = [a, b]) =>
  channelInput(members, { kind: 'link', name: '朋友圈广告', ...over })
const codeOf = (id: string) =>
  db.selectFrom('channel_codes').selectAll().where('channel_id', '=', id).executeTakeFirstOrThrow()

describe('an acquisition link as a channel', () => {
  it('is made once, carries our parameter, and follows an edit', async () => {
    const { id, state, revision } = (await operator.post('/api/channels', link())).as(made)
    await upkeep.pass()
    const code = await codeOf(id)
    expect(code.content).toBe(linkContent(code.url ?? '', state))
    expect(new URL(code.content ?? '').searchParams.get('customer_channel')).toBe(state)
    expect([...(await client.acquisitionLinks.get({ link_id: code.config_id ?? '' })).range.user_list].sort()).toEqual(
      [a, b].sort(),
    )
    await operator.put(`/api/channels/${id}`, { revision, input: link({}, [b]) })
    await upkeep.pass()
    expect((await client.acquisitionLinks.get({ link_id: code.config_id ?? '' })).range.user_list).toEqual([b])
    expect((await operator.send(`/api/channels/${id}/qr`)).status).toBe(200)
  })

  it('a lost answer to making it leads to no second link', async () => {
    await stage.admin('POST', '/sandbox/faults', {
      kind: 'lost_answer',
      match: { path: 'customer_acquisition/create_link' },
      times: 1,
    })
    const { id } = (await operator.post('/api/channels', link({ name: '短信' }))).as(made)
    await upkeep.pass()
    await upkeep.pass()
    const code = await codeOf(id)
    expect(code).toMatchObject({ calling: null, config_id: expect.any(String) })
    const { link_id_list: all } = await client.acquisitionLinks.list({ limit: 100 })
    const links = await Promise.all(all.map((one) => client.acquisitionLinks.get({ link_id: one })))
    expect(links.filter((one) => one.link.link_name === '短信')).toHaveLength(1)
  })

  it('its quota is read and shown', async () => {
    await watchLinkQuota(db, client, corpId, clock.now())
    const quota = await client.acquisitionLinks.quota({})
    expect((await operator.get('/api/channels/link-quota')).body).toMatchObject({
      quota: { balance: quota.balance, total: quota.total },
    })
  })

  it('a deleted one is gone at the platform', async () => {
    const { id } = (await operator.post('/api/channels', link({ name: '过期' }))).as(made)
    await upkeep.pass()
    const { config_id: linkId } = await codeOf(id)
    await operator.delete(`/api/channels/${id}`)
    await upkeep.pass()
    expect((await client.acquisitionLinks.list({ limit: 100 })).link_id_list).not.toContain(linkId)
    expect((await codeOf(id)).removed_at).not.toBeNull()
  })

  const heard = (event: Record<string, unknown>) =>
    handleLinkCallbacks(stage.services, [{ corpId, event: { corpId: 'ww', createTime: 1, ...event } as never }])
  const standing = async (key: string) =>
    (await db.selectFrom('alarms').select('id').where('key', '=', key).where('cleared_at', 'is', null).execute()).length

  it('one that adds nobody is alarmed until it is changed', async () => {
    const { id, revision } = (await operator.post('/api/channels', link({ name: '断' }))).as(made)
    await upkeep.pass()
    const { config_id: linkId } = await codeOf(id)
    await heard({ kind: 'link.link_unavailable', linkId })
    expect(await standing(`channel.link.unavailable:${id}`)).toBe(1)
    clock.advance(1000)
    await operator.put(`/api/channels/${id}`, { revision, input: link({ name: '断' }, [b]) })
    await upkeep.pass({ sweep: true })
    expect(await standing(`channel.link.unavailable:${id}`)).toBe(0)
  })

  it('one that was deleted at the platform says so, and can be rebuilt', async () => {
    const { id } = (await operator.post('/api/channels', link({ name: '丢' }))).as(made)
    await upkeep.pass()
    const lost = (await codeOf(id)).config_id ?? ''
    await client.acquisitionLinks.remove({ link_id: lost })
    await heard({ kind: 'link.delete_link', linkId: lost })
    expect((await operator.get(`/api/channels/${id}`)).body).toMatchObject({ problem: { kind: 'gone_there' } })
    expect(await standing(`channel.link.lost:${id}`)).toBe(1)
    const { items } = (await operator.get('/api/channels/orphans')).as(
      z.object({ items: z.array(z.object({ id: z.string(), config_id: z.string() })) }),
    )
    const orphan = items.find((one) => one.config_id === lost)
    expect((await operator.post(`/api/channels/orphans/${orphan?.id}/rebuild`)).status).toBe(204)
    await upkeep.pass({ sweep: true })
    expect((await codeOf(id)).config_id).not.toBe(lost)
    await upkeep.pass({ sweep: true })
    expect(await standing(`channel.link.lost:${id}`)).toBe(0)
  })

  it('a change of the quota is read at the next round', async () => {
    await upkeep.pass({ sweep: true })
    await heard({ kind: 'link.balance_low' })
    await upkeep.pass({ sweep: true })
    const { read_at } = await db
      .selectFrom('acquisition_quotas')
      .select('read_at')
      .where('corp_id', '=', corpId)
      .executeTakeFirstOrThrow()
    expect(read_at).toEqual(clock.now())
  })
})
