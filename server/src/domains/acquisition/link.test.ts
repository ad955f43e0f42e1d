import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { channelInput, channelStage } from './channel-stage.ts'
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
})
