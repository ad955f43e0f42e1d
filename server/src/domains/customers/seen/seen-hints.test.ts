import { expect, it } from 'vitest'
import { testDatabase } from '../../../infra/postgres/testing.ts'
import { phoneIndexOf } from '../../../infra/secrets/phone.ts'
import { createVault } from '../../../infra/secrets/vault.ts'
import { resolveIdentities } from '../identities/identity-resolve.store.ts'
import { rootsOf } from '../persons/person-homes.store.ts'
import { applySeen, writeSeenCards } from './seen.store.ts'
import type { SeenRelation } from './seen.ts'

const { db } = await testDatabase()
const vault = createVault('hints')
const at = new Date('2026-11-11T10:00:00+08:00')
const corpId = 1

const noted = (external: string, mobiles: readonly string[]): SeenRelation => ({
  ...{ userid: 'lin', externalUserid: external, unionid: undefined, name: external, gender: 0, kind: 1, createdAt: at },
  ...{ readAt: at, remark: '', description: '', mobiles, tagIds: [], avatar: undefined },
  ...{ corpName: undefined, remarkCorp: undefined, addWay: undefined, state: undefined, personalTags: undefined },
})
const read = (seen: readonly SeenRelation[]) =>
  db.transaction().execute(async (tx) => {
    const context = { corpId, vault, at, cause: 'detail', baseline: at, youngAfter: at, findMissed: false }
    const { cards } = await applySeen(tx, seen, context)
    await writeSeenCards(tx, corpId, cards)
  })
const proposals = () => db.selectFrom('identity_proposals').select(['kind', 'state']).execute()

it('numbers that members noted in WeCom propose who may be the same, once, and never join anybody', async () => {
  const fact = {
    identities: [
      { kind: 'member_no', value: 'M1' },
      { kind: 'phone', value: phoneIndexOf(vault, '13800001111') },
    ],
    ...{ source: 'order', reference: '1', at },
  }
  const [member] = await db
    .transaction()
    .execute((tx) => resolveIdentities(tx, { corpId, vault, learntAt: at }, [fact]))
  await read([noted('wm1', ['138 0000 1111', '老客'])])
  expect(await proposals()).toEqual([{ kind: 'phone', state: 'open' }])
  // the same reading again, and a second customer under the same number
  await read([noted('wm1', ['138 0000 1111', '老客'])])
  expect(await proposals()).toHaveLength(1)
  await read([noted('wm2', ['+86 13800001111'])])
  // both with whose number it is, and with each other
  expect(await proposals()).toHaveLength(3)
  const { rows } = { rows: await db.selectFrom('identities').select(['value', 'customer_id']).execute() }
  const roots = await rootsOf(
    db,
    corpId,
    rows.map((row) => row.customer_id),
  )
  const rootOf = (value: string) => roots.get(rows.find((row) => row.value === value)?.customer_id ?? 0)
  expect(new Set([rootOf('wm1'), rootOf('wm2'), rootOf('M1')]).size).toBe(3)
  expect(roots.get(member?.home ?? 0)).toBe(rootOf('M1'))
  // what is no number is no hint
  const hints = await db.selectFrom('identity_hints').select('value').execute()
  expect(new Set(hints.map(({ value }) => value)).size).toBe(1)
})
