import { v7 as uuid } from 'uuid'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { operationOver, workingOperations } from '../../../infra/operations/testing.ts'
import { testDatabase } from '../../../infra/postgres/testing.ts'
import { defineChannelOperations } from './channel-operations.ts'
import { channelStage } from './channel-stage.ts'

const database = await testDatabase()
const operations = await workingOperations(database)
const stage = await channelStage({ database, services: { operations } })
defineChannelOperations(stage.services)
const { db, corpId } = stage
const users = await stage.staff(20)
const operator = await stage.as('operator')

const stores = Array.from({ length: 160 }, (_, i) => `SH${String(i).padStart(3, '0')}`)

beforeAll(async () => {
  await db
    .insertInto('stores')
    .values(
      stores.map((code) => ({ id: uuid(), corp_id: corpId, code, name: `${code}店`, created_at: stage.clock.now() })),
    )
    .execute()
  stage.upkeep.start()
})
afterAll(async () => {
  await stage.upkeep.stop()
})

async function upload(text: string, template: Record<string, unknown> = {}) {
  const form = new FormData()
  form.set('file', new File([text], 'stores.csv', { type: 'text/csv' }))
  form.set('template', JSON.stringify(template))
  return operator.post('/api/channels/bulk', form)
}
const begun = z.object({ operation_id: z.string(), rows: z.number() })

const over = (id: string) => operationOver(operations, corpId, id)
const count = async () =>
  (await db.selectFrom('channels').select('id').where('bulk_key', 'is not', null).execute()).length

describe('store codes from a table', () => {
  const rows = (codes: readonly string[]) => codes.map((code, i) => `${code},,${users[i % users.length]},`).join('\n')
  const table = (body: string) => `门店编码,渠道名称,接待员工,渠道参数\n${body}\n`

  it('a wrong header begins nothing', async () => {
    const reply = await upload('店号,名字\nSH001,x')
    expect(reply.status).toBe(400)
    expect(reply.body).toMatchObject({ code: 'invalid_request', message: expect.stringContaining('门店编码') })
    expect(await operations.recent(corpId, 10)).toEqual([])
  })

  it('are made at the platform; wrong rows are listed with their reason and hold nobody up', async () => {
    const bad = [
      `SH001,,${users[0]},`,
      `NOPE,,${users[0]},`,
      `SH159,${'🍊'.repeat(200)},${users[0]},`,
      `SH158,,${users[0]},dup`,
      `SH157,,${users[0]},dup`,
    ]
    const reply = await upload(table(`${rows(stores.slice(0, 40))}\n${bad.join('\n')}`), { group: '门店 2026' })
    expect(reply.status).toBe(202)
    const { operation_id: id } = reply.as(begun)
    const view = await over(id)
    expect(view).toMatchObject({ state: 'done', done: 45, total: 45, result: { made: 41, already: 0 } })
    const ready = await db.selectFrom('channel_codes').select('config_id').where('content', 'is not', null).execute()
    expect(ready).toHaveLength(41)
    const errors = await (await operator.send(`/api/channels/bulk/${id}/errors`)).text()
    expect(errors).toContain('42,SH001,门店编码「SH001」在本文件里出现了两次')
    expect(errors).toContain('43,NOPE')
    expect(errors).toContain('44,SH159,渠道名称有 200 个字')
    const zip = await operator.send(`/api/channels/pictures?group=${encodeURIComponent('门店 2026')}&size=200`)
    expect(zip.headers.get('content-type')).toBe('application/zip')
    const names = Buffer.from(await zip.arrayBuffer())
      .toString('latin1')
      .match(/SH\d{3} SH/g)
    // before each picture, in the directory, and in the print list
    expect(names).toHaveLength(123)
    expect((await operator.get(`/api/channels/pictures?group=none`)).status).toBe(404)
    expect(errors).toContain('46,SH157,渠道参数「dup」已被使用')
  }, 180_000)

  it('the same table again makes nothing twice; a cancelled one goes on where it was left', async () => {
    const before = await count()
    const { operation_id: first } = (await upload(table(rows(stores.slice(0, 156))))).as(begun)
    await expect.poll(count).toBeGreaterThan(before)
    await operations.cancel(corpId, first)
    expect((await over(first)).state).toBe('cancelled')
    const left = await count()
    expect(left).toBeLessThan(157)
    const { operation_id: second } = (await upload(table(rows(stores.slice(0, 156))))).as(begun)
    expect((await over(second)).result).toMatchObject({ made: 157 - left, already: left - 1, errors: [] })
    expect(await count()).toBe(157)
    const states = await db.selectFrom('channel_codes').select('state').where('removed_at', 'is', null).execute()
    expect(new Set(states.map((row) => row.state)).size).toBe(states.length)
  }, 180_000)
})
