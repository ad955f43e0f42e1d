import { sql } from 'kysely'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { roleNames } from '../../infra/auth/actor.ts'
import { apiKeyView } from './api-keys.schema.ts'
import { newSecret, secretOf, shareOf } from './api-keys.ts'
import { createKeyLimit } from './key-limit.ts'
import { commerceSite, order } from './testing.ts'

const site = await commerceSite()
const { db, corpId, call, makeKey, administrator } = site
const keys = z.object({ items: z.array(apiKeyView), next_cursor: z.string().nullable() })

describe('an API key', () => {
  it('is shown once and stands nowhere in clear', async () => {
    const { key, secret } = await makeKey(['orders.read'])
    expect(secret.startsWith(key.prefix)).toBe(true)
    const listed = (await administrator.get('/api/keys')).as(keys).items
    expect(JSON.stringify(listed)).not.toContain(secret)
    const { rows } = await sql<{ line: string }>`select k::text as line from api_keys k`.execute(db)
    expect(rows.map(({ line }) => line).join()).not.toContain(secret)
    expect(JSON.stringify(site.audited)).not.toContain(secret)
    expect(site.audited.at(-1)).toMatchObject({ action: 'key.create', objectId: key.id, outcome: 'done' })
  })

  it('says when it was last used, to the minute', async () => {
    const { key, secret } = await makeKey(['orders.read'])
    expect(key.last_used_at).toBeNull()
    await call('/v1/orders', undefined, secret)
    const found = (await administrator.get('/api/keys')).as(keys).items.find(({ id }) => id === key.id)
    expect(found?.last_used_at).toBe('2026-11-11T02:00:00.000Z')
  })

  it('opens nothing from the moment it is revoked', async () => {
    const { key, secret } = await makeKey(['orders.read'])
    expect((await call('/v1/orders', undefined, secret)).status).toBe(200)
    const revoked = (await administrator.post(`/api/keys/${key.id}/revoke`)).as(apiKeyView)
    expect(revoked.revoked_at).not.toBeNull()
    const after = await call('/v1/orders', undefined, secret)
    expect([after.status, await after.json()]).toMatchObject([401, { code: 'unauthenticated' }])
    // again changes nothing, and says so by the same moment
    site.clock.set('2026-11-12T10:00:00+08:00')
    expect((await administrator.post(`/api/keys/${key.id}/revoke`)).as(apiKeyView).revoked_at).toBe(revoked.revoked_at)
  })

  it('lets so many requests through in a minute, and more in the next', async () => {
    const { secret } = await makeKey(['orders.read'], 3)
    const ask = async () => (await call('/v1/orders', undefined, secret)).status
    expect([await ask(), await ask(), await ask(), await ask()]).toEqual([200, 200, 200, 429])
    const refused = await call('/v1/orders', undefined, secret)
    expect(refused.headers.get('retry-after')).toBe('60')
    expect(await refused.json()).toMatchObject({ code: 'too_many', details: { retry_after_s: 60 } })
    site.machine.advance(60_000)
    expect(await ask()).toBe(200)
  })

  it('is for those who may: a manager, guide or operator makes none', async () => {
    for (const role of roleNames.filter((one) => one !== 'administrator')) {
      const visitor = await site.as(role, role === 'guide' ? { kind: 'self', userid: 'chen' } : undefined)
      const made = await visitor.post('/api/keys', { name: 'x', scopes: ['orders.read'] })
      expect([role, made.status]).toEqual([role, 403])
    }
  })

  it('sees and tells of its own corp only', async () => {
    const { id: otherCorp } = await db
      .insertInto('corps')
      .values({ corpid: 'wwother', name: '别家', created_at: site.clock.now() })
      .returning('id')
      .executeTakeFirstOrThrow()
    const other = await site.as('administrator', { kind: 'corp' }, otherCorp)
    const made = (await other.post('/api/keys', { name: '别家商城', scopes: ['orders.write', 'orders.read'] })).body
    const theirs = z.object({ secret: z.string(), key: apiKeyView }).parse(made)
    await site.tell('orders', [order('Shared', { unionid: 'oShared' })])
    await site.tell('orders', [order('Shared', { unionid: 'oShared' }, { amount: 1 })], theirs.secret)
    expect(await site.list('orders', 'number=Shared')).toMatchObject([{ amount: 2_000 }])
    expect(await site.list('orders', '', theirs.secret)).toMatchObject([{ number: 'Shared', amount: 1 }])
    expect((await other.get('/api/keys')).as(keys).items.map(({ id }) => id)).toEqual([theirs.key.id])
    expect((await administrator.post(`/api/keys/${theirs.key.id}/revoke`)).status).toBe(404)
    expect(corpId).not.toBe(otherCorp)
  })

  it('is sent by programs, not by pages: no cookie opens the interface, and no CSRF token is asked for', async () => {
    expect((await administrator.post('/v1/orders', { orders: [] })).status).toBe(401)
    const foreign = await call('/v1/orders', undefined, site.secret, { origin: 'https://elsewhere.example' })
    expect(foreign.status).toBe(200)
  })
})

describe('the rules of keys', () => {
  it('read a key from its header only where it can be one', () => {
    const { secret } = newSecret()
    expect(secretOf(`Bearer ${secret}`)).toBe(secret)
    expect(secretOf(`bearer ${secret}`)).toBe(secret)
    for (const header of [
      undefined,
      '',
      secret,
      `Basic ${secret}`,
      'Bearer ',
      `Bearer ${secret} x`,
      'Bearer x'.repeat(99),
    ])
      expect(secretOf(header)).toBeUndefined()
  })

  it('never let more through than the minute has, over all processes together', async () => {
    const key = { id: 'k', perMinute: 100 }
    const minutes = new Map<number, number>()
    const take = async (_key: unknown, minute: Date, count: number) => {
      const taken = (minutes.get(minute.getTime()) ?? 0) + count
      if (taken > key.perMinute) return false
      minutes.set(minute.getTime(), taken)
      return true
    }
    const processes = [createKeyLimit(take), createKeyLimit(take)]
    const now = new Date('2026-11-11T10:00:30Z')
    const passed = await Promise.all(
      Array.from({ length: 300 }, (_, n) => processes[n % 2]?.admits(key, now) ?? Promise.resolve(false)),
    )
    const through = passed.filter(Boolean).length
    expect(through).toBeLessThanOrEqual(100)
    expect(through).toBeGreaterThan(100 - 2 * shareOf(100))
  })
})
