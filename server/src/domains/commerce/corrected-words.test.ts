import { sql } from 'kysely'
import { beforeEach, describe, expect, it } from 'vitest'
import { at, commerceSite, order } from './testing.ts'

const { db, corpId, tell } = await commerceSite()
const [mine, other, third] = ['13911110001', '13911110002', '13911110003']

/** Which of the people whose unionids or member numbers these are are proposed to be one. */
async function proposed(): Promise<readonly string[]> {
  const { rows } = await sql<{ both: string[] }>`
    select array_agg(i.value order by i.value) as both from identity_proposals p
    join identities i on i.customer_id in (p.low_id, p.high_id) and i.kind in ('unionid', 'member_no')
    where p.corp_id = ${corpId} group by p.low_id, p.high_id`.execute(db)
  return rows.map(({ both }) => both.join(' ')).sort()
}
const member = (number: string, phone_typed: string | undefined, version = 1) => ({
  ...{ source: 'crm', number, updated_at: at(version) },
  customer: { member_no: number, ...(phone_typed === undefined ? {} : { phone_typed }) },
})
const bought = (number: string, unionid: string, phone_typed: string | undefined, version = 1) =>
  order(number, { unionid, ...(phone_typed === undefined ? {} : { phone_typed }) }, { updated_at: at(version) })

beforeEach(async () => {
  await sql`truncate identity_proposals, identity_hints`.execute(db)
})

describe('a number typed by hand that is corrected proposes nobody any more', () => {
  it('of a membership that is told again', async () => {
    await tell('members', [member('A1', mine), member('A2', other), member('A3', mine)])
    expect(await proposed()).toEqual(['A1 A3'])
    await tell('members', [member('A3', other, 2)])
    expect(await proposed()).toEqual(['A2 A3'])
    // a version is whole: one that names no number takes it back
    await tell('members', [member('A3', undefined, 3)])
    expect(await proposed()).toEqual([])
  })

  it('of an order that is told again, while another order of his still says it', async () => {
    await tell('orders', [
      bought('1', 'uA', mine),
      bought('2', 'uB', mine),
      bought('3', 'uB', mine),
      bought('4', 'uC', other),
    ])
    expect(await proposed()).toEqual(['uA uB'])
    await tell('orders', [bought('2', 'uB', other, 2)])
    expect(await proposed()).toEqual(['uA uB', 'uB uC'])
    await tell('orders', [bought('3', 'uB', third, 2)])
    expect(await proposed()).toEqual(['uB uC'])
  })

  it('whichever version comes first, and in one batch', async () => {
    await tell('orders', [bought('21', 'vA', mine), bought('22', 'vB', other, 3)])
    await tell('orders', [bought('22', 'vB', mine, 2)])
    expect(await proposed()).toEqual([])
    await tell('members', [member('B1', third), member('B2', third, 2), member('B2', other, 3)])
    expect(await proposed()).toEqual(['B2 vB'])
  })

  it('when nothing but the number told who it was', async () => {
    const only = (number: string, phone_typed: string, version: number) =>
      order(number, { phone_typed }, { updated_at: at(version) })
    await tell('members', [member('C1', mine), member('C2', other)])
    await tell('orders', [only('31', mine, 1)])
    expect((await proposed()).length).toBe(1)
    await tell('orders', [only('31', other, 2)])
    expect(await proposed()).toEqual(['C2'])
  })
})
