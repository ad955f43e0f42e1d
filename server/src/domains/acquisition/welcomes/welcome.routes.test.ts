import { describe, expect, it } from 'vitest'
import { testSite } from '../../../infra/http/testing.ts'
import { sandboxPlatform } from '../../../infra/platform/testing.ts'
import { mediaRoutes } from '../../content/index.ts'
import { mediaView } from '../../content/media/attachment.schema.ts'
import { welcomeRoutes } from './welcome.routes.ts'
import { welcomeDetail, welcomePage, welcomeTestView } from './welcome.schema.ts'
import { welcomeTestRoutes } from './welcome-test.routes.ts'

const { platform } = await sandboxPlatform({ people: 5, staff: 5 })
const site = await testSite({
  routes: (services) => [welcomeTestRoutes(services), welcomeRoutes(services), mediaRoutes(services)],
  services: { platform },
})
await site.db
  .insertInto('staff')
  .values({
    corp_id: site.corpId,
    userid: 'lin',
    name: '林小雨',
    first_seen_at: site.clock.now(),
    seen_at: site.clock.now(),
  })
  .execute()
const operator = await site.as('operator')

const band = (text: string) => ({
  name: '全天',
  weekdays: [0, 1, 2, 3, 4, 5, 6],
  from_minute: 0,
  until_minute: 1440,
  content: { text, text_without_name: '', attachments: [] as object[] },
})

describe('welcomes over the API', () => {
  it('keeps every version and goes back to an older one with one call', async () => {
    const made = (
      await operator.post('/api/welcomes', { level: 'default', target: '', name: '默认', bands: [band('第一版')] })
    ).as(welcomeDetail)
    const second = (
      await operator.post(`/api/welcomes/${made.id}/versions`, {
        name: '默认',
        bands: [band('第二版')],
        note: '改口吻',
      })
    ).as(welcomeDetail)
    expect(second.history.map((v) => [v.number, v.active])).toEqual([
      [2, true],
      [1, false],
    ])
    const first = second.history.at(-1)
    const back = (await operator.post(`/api/welcomes/${made.id}/activate`, { version_id: first?.id })).as(welcomeDetail)
    expect(back.version).toBe(1)
    const { text, considered } = (await operator.post('/api/welcomes/test', { userid: 'lin' })).as(welcomeTestView)
    expect(text).toBe('第一版')
    expect(considered.map((one) => one.outcome)).toEqual(['not_applicable', 'not_set', 'not_applicable', 'won'])
  })

  it('refuses a second welcome for one target, an unknown target and a text that is too long, and saves nothing', async () => {
    const before = (await operator.get('/api/welcomes')).as(welcomePage).items.length
    expect(
      (await operator.post('/api/welcomes', { level: 'default', target: '', name: '又一条', bands: [band('a')] }))
        .status,
    ).toBe(409)
    expect(
      (await operator.post('/api/welcomes', { level: 'person', target: 'nobody', name: 'x', bands: [band('a')] }))
        .status,
    ).toBe(404)
    expect(
      (
        await operator.post('/api/welcomes', {
          level: 'person',
          target: 'lin',
          name: 'x',
          bands: [band('好'.repeat(1400))],
        })
      ).status,
    ).toBe(422)
    expect((await operator.get('/api/welcomes')).as(welcomePage).items).toHaveLength(before)
  })

  it('a person’s welcome wins over the default, and a switched-off one does not count', async () => {
    const made = (
      await operator.post('/api/welcomes', {
        level: 'person',
        target: 'lin',
        name: '林的',
        bands: [band('我是{员工姓名}')],
      })
    ).as(welcomeDetail)
    expect((await operator.post('/api/welcomes/test', { userid: 'lin' })).as(welcomeTestView).text).toBe('我是林小雨')
    await operator.post(`/api/welcomes/${made.id}/enabled`, { enabled: false })
    expect((await operator.post('/api/welcomes/test', { userid: 'lin' })).as(welcomeTestView).text).toBe('第一版')
  })

  it('tells for either kind of customer which wording and why; one without a kind is for both', async () => {
    const { items } = (await operator.get('/api/welcomes?level=default')).as(welcomePage)
    const id = items[0]?.id ?? ''
    const changed = (
      await operator.post(`/api/welcomes/${id}/versions`, {
        name: '默认',
        bands: [band('你好'), { ...band('欢迎回来'), name: '老客', stage: 'returning' }],
      })
    ).as(welcomeDetail)
    expect(changed.history[0]?.bands.map((one) => one.stage)).toEqual(['both', 'returning'])
    const ask = async (stage: string) =>
      (await operator.post('/api/welcomes/test', { userid: 'lin', stage })).as(welcomeTestView)
    expect(await ask('new')).toMatchObject({ text: '你好', band: '全天', band_stage: 'both', asked: { stage: 'new' } })
    expect(await ask('returning')).toMatchObject({ text: '欢迎回来', band: '老客', band_stage: 'returning' })
    await operator.post(`/api/welcomes/${id}/versions`, {
      name: '默认',
      bands: [{ ...band('你好'), stage: 'new' }],
    })
    expect(await ask('returning')).toMatchObject({
      text: null,
      considered: expect.arrayContaining([expect.objectContaining({ level: 'default', outcome: 'other_customers' })]),
    })
    expect((await operator.post('/api/welcomes/test', { userid: 'lin', stage: 'old' })).status).toBe(400)
  })

  it('puts a picture at the platform ahead of time, at a permanent address, and refuses other kinds', async () => {
    const png = Buffer.from(
      'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
      'base64',
    )
    const form = new FormData()
    form.set('file', new File([png], '券.png', { type: 'image/png' }))
    const asset = (await operator.post('/api/media', form)).as(mediaView)
    expect(asset).toMatchObject({ kind: 'image', at_platform: true, upload_error: null })
    const bad = new FormData()
    bad.set('file', new File(['x'], 'a.exe', { type: 'application/x-msdownload' }))
    expect((await operator.post('/api/media', bad)).status).toBe(422)
  })

  it('lets auditors read and nobody but operators and administrators write', async () => {
    const auditor = await site.as('auditor')
    expect((await auditor.get('/api/welcomes')).status).toBe(200)
    expect(
      (await auditor.post('/api/welcomes', { level: 'default', target: '', name: 'x', bands: [band('a')] })).status,
    ).toBe(403)
    expect((await (await site.as('guide')).get('/api/welcomes')).status).toBe(403)
    expect((await site.anonymous.get('/api/welcomes')).status).toBe(401)
  })
})
