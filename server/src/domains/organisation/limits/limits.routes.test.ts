import { describe, expect, test } from 'vitest'
import { testSite } from '../../../infra/http/testing.ts'
import { profileOf } from '../../../infra/platform/limits.ts'
import type { Platform } from '../../../infra/platform/platform.ts'
import { limitsRoutes } from './limits.routes.ts'
import { limitsView, limitUses } from './limits.schema.ts'

const platform: Pick<Platform, 'use'> = {
  use: async () => [
    {
      path: '/cgi-bin/externalcontact/send_welcome_msg',
      usedMinute: 9_600,
      usedHour: 96_000,
      limitMinute: 9_700,
      limitHour: 145_500,
      perMinuteNow: 9_600,
      exhaustedAt: Date.parse('2026-11-11T02:05:00Z'),
      blockedUntil: undefined,
    },
  ],
}
const site = await testSite({
  routes: (services) => [limitsRoutes({ ...services, platform: { ...services.platform, ...platform } })],
})
const admin = await site.as('administrator')
const limitNamed = async (name: string) =>
  (await admin.get('/api/limits')).as(limitsView).items.find((limit) => limit.name === name)

describe('the limit profile', () => {
  test('shows every number with its source', async () => {
    const { items } = (await admin.get('/api/limits')).as(limitsView)
    expect(items.length).toBeGreaterThan(150)
    expect(await limitNamed('api.corp_per_minute')).toMatchObject({ value: 10_000, override: null, grade: 'A' })
    expect(
      items.every(
        (limit) => limit.url === null || /^https:\/\/(developer\.work|developers)\.weixin\.qq\.com\//.test(limit.url),
      ),
    ).toBe(true)
  })

  test('says what each number is in the reader’s language', async () => {
    const zh = await limitNamed('token.ttl_s')
    expect([zh?.note, zh?.source]).toEqual([expect.stringContaining('有效期'), 'D91039'])
    const english = await admin.send('/api/limits', { headers: { 'accept-language': 'en' } })
    const { items } = limitsView.parse(await english.json())
    expect(items.find((limit) => limit.name === 'token.ttl_s')?.note).toContain('Life of an access token')
    expect(items.filter((limit) => /\p{Script=Han}/u.test(limit.note + limit.source))).toEqual([])
  })

  test('takes a corp’s own number and gives it back, with a record of both', async () => {
    await admin.patch('/api/limits', { overrides: { 'customer.per_member': 20_000 } })
    expect(await limitNamed('customer.per_member')).toMatchObject({ value: 5_000, override: 20_000 })
    expect(site.audited.at(-1)).toMatchObject({
      action: 'limits.update',
      before: { 'customer.per_member': null },
      after: { 'customer.per_member': 20_000 },
    })
    const stored = await site.db.selectFrom('corps').select('limits').where('id', '=', site.corpId).executeTakeFirst()
    expect(profileOf(stored?.limits).value('customer.per_member')).toBe(20_000)
    await admin.patch('/api/limits', { overrides: { 'customer.per_member': null } })
    expect(await limitNamed('customer.per_member')).toMatchObject({ override: null })
  })

  test('refuses what is no limit', async () => {
    expect((await admin.patch('/api/limits', { overrides: { 'no.such': 1 } })).status).toBe(400)
    expect((await admin.patch('/api/limits', { overrides: { 'customer.per_member': true } })).status).toBe(400)
  })

  test('tells how far each API’s budget is used and when it ends', async () => {
    const { items } = (await admin.get('/api/limits/use')).as(limitUses)
    expect(items[0]).toMatchObject({ used_hour: 96_000, exhausted_at: '2026-11-11T02:05:00.000Z', blocked_until: null })
  })

  test('not allowed: others cannot change it, a guide cannot see it, nobody without a log-in', async () => {
    expect((await (await site.as('operator')).patch('/api/limits', { overrides: {} })).status).toBe(403)
    expect((await (await site.as('auditor')).patch('/api/limits', { overrides: {} })).status).toBe(403)
    expect((await (await site.as('guide')).get('/api/limits')).status).toBe(403)
    expect((await (await site.as('guide')).get('/api/limits/use')).status).toBe(403)
    expect((await site.anonymous.get('/api/limits')).status).toBe(401)
    expect((await (await site.as('auditor')).get('/api/limits')).status).toBe(200)
  })
})
