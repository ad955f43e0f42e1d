import { beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { testSite } from '../../../infra/http/testing.ts'
import { staffRoutes } from './staff.routes.ts'
import { type ReadinessFacts, readinesses, readinessOf, readinessWords } from './staff.ts'

const site = await testSite({ routes: (services) => [staffRoutes(services)] })
const { db, corpId } = site
const operator = await site.as('operator')
const list = z.object({
  items: z.array(z.object({ userid: z.string(), readiness: z.enum(readinesses), why: z.string(), mend: z.string() })),
  next_cursor: z.string().nullable(),
})
const get = async (query: string) => (await operator.get(`/api/staff?${query}`)).as(list)
const ids = async (query: string) => (await get(query)).items.map((one) => one.userid)

/** Every mixture of what decides about a member. */
const mixtures: ReadinessFacts[] = [true, false].flatMap((gone) =>
  [null, 1, 2, 4, 5].flatMap((status) =>
    [true, false].flatMap((follows) =>
      [null, true, false].flatMap((visible) =>
        (['unknown', 'yes', 'no'] as const).flatMap((addable) =>
          [0, 4_750, 5_000].map((customers) => ({ gone, status, follows, visible, addable, customers, cap: 5_000 })),
        ),
      ),
    ),
  ),
)

beforeAll(async () => {
  const now = site.clock.now()
  await db
    .insertInto('staff')
    .values(
      mixtures.map((facts, n) => ({
        corp_id: corpId,
        userid: `u${String(n).padStart(4, '0')}`,
        name: n === 0 ? '陈晓雨' : `员工${n}`,
        name_pinyin: n === 0 ? 'chen xiao yu' : `yuan gong ${n}`,
        department_ids: [100],
        status: facts.status,
        follows: facts.follows,
        visible: facts.visible,
        addable: facts.addable,
        gone_at: facts.gone ? now : null,
        first_seen_at: now,
        seen_at: now,
      })),
    )
    .execute()
  await db
    .insertInto('staff_loads')
    .values(
      mixtures.map((facts, n) => ({
        corp_id: corpId,
        userid: `u${String(n).padStart(4, '0')}`,
        customers: facts.customers,
        counted_at: now,
      })),
    )
    .execute()
})

describe('staff', () => {
  it('the list decides readiness as the rule does, for every mixture, with why and what mends it', async () => {
    const seen = new Map<string, string>()
    for (const status of ['present', 'gone'])
      for (let cursor: string | null = ''; cursor !== null; ) {
        const page: z.output<typeof list> = await get(
          `status=${status}&limit=200${cursor === '' ? '' : `&cursor=${cursor}`}`,
        )
        for (const one of page.items) {
          expect(seen.has(one.userid)).toBe(false)
          seen.set(one.userid, one.readiness)
          expect([one.why, one.mend]).toEqual([
            readinessWords[one.readiness].said.zh,
            readinessWords[one.readiness].mend.zh,
          ])
        }
        cursor = page.next_cursor
      }
    expect(seen.size).toBe(mixtures.length)
    mixtures.forEach((facts, n) => {
      expect([facts, seen.get(`u${String(n).padStart(4, '0')}`)]).toEqual([facts, readinessOf(facts)])
    })
  })

  it('is filtered by readiness and found by name, pinyin, initials and id', async () => {
    for (const readiness of readinesses.filter((one) => one !== 'gone'))
      for (const one of (await get(`readiness=${readiness}`)).items) expect(one.readiness).toBe(readiness)
    expect(await ids('readiness=blocked&limit=1')).toHaveLength(1)
    for (const typed of ['晓雨', 'chenxiao', 'cxy', 'chen xiao', 'u0000'])
      expect(await ids(`status=gone&q=${typed}`)).toContain('u0000')
    expect(await ids('q=%25')).toEqual([])
    expect(await ids('department=999')).toEqual([])
    expect(await ids('store=none&limit=2')).toHaveLength(2)
  })

  it('a guide has no list of staff', async () => {
    const guide = await site.as('guide', { kind: 'self', userid: 'u0000' })
    expect((await guide.get('/api/staff')).status).toBe(403)
  })
})
