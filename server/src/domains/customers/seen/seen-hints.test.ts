import { expect, it } from 'vitest'
import { testDatabase } from '../../../infra/postgres/testing.ts'
import { phoneIndexOf } from '../../../infra/secrets/phone.ts'
import { createVault } from '../../../infra/secrets/vault.ts'
import { resolveIdentities } from '../identities/identity-resolve.store.ts'
import { homesOf, rootsOf } from '../persons/person-homes.store.ts'
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
    await writeSeenCards(tx, corpId, cards, vault)
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

it('a noted number that is corrected takes its proposal back; what else says the same stays, and so do decisions', async () => {
  const phone = (digits: string) => phoneIndexOf(vault, digits)
  const member = (number: string, kind: string, digits: string) => ({
    identities: [
      { kind: 'member_no', value: number },
      { kind, value: phone(digits) },
    ],
    ...{ source: 'order', reference: number, at },
  })
  const tell = (...facts: ReturnType<typeof member>[]) =>
    db.transaction().execute((tx) => resolveIdentities(tx, { corpId: 2, vault, learntAt: at }, facts))
  const [m5, m6, m7] = await tell(
    member('M5', 'phone', '13900000005'),
    member('M6', 'phone_typed', '13900000006'),
    member('M7', 'phone', '13900000007'),
  )
  let minute = 0
  const noteBy = (userid: string, external: string, ...mobiles: string[]) => {
    minute += 1
    const readAt = new Date(at.getTime() + minute * 60_000)
    return db.transaction().execute(async (tx) => {
      const context = { corpId: 2, vault, at: readAt, cause: 'detail', baseline: at, youngAfter: at, findMissed: false }
      const { cards } = await applySeen(tx, [{ ...noted(external, mobiles), userid, readAt }], context)
      await writeSeenCards(tx, 2, cards, vault)
    })
  }
  const proposed = async () => {
    const found = await db
      .selectFrom('identity_proposals')
      .selectAll()
      .where('corp_id', '=', 2)
      .orderBy('low_id')
      .execute()
    const roots = await rootsOf(
      db,
      2,
      found.map(({ low_id }) => low_id),
    )
    return found.map(({ low_id, state }) => [roots.get(low_id) ?? 0, state] as const).sort(([a], [b]) => a - b)
  }
  const roots = await rootsOf(
    db,
    2,
    [m5, m6, m7].map((one) => one?.home ?? 0),
  )
  const [five, six, seven] = [m5, m6, m7].map((one) => roots.get(one?.home ?? 0) ?? 0)
  await noteBy('lin', 'wm9', '13900000005')
  expect(await proposed()).toEqual([[five, 'open']])
  // the other member noted it too: his word stands
  await noteBy('wang', 'wm9', '13900000005', '13900000006')
  await noteBy('lin', 'wm9', '13900000007')
  expect(await proposed()).toEqual([five, six, seven].map((root) => [root, 'open']))
  await noteBy('wang', 'wm9', '13900000006')
  expect(await proposed()).toEqual([six, seven].map((root) => [root, 'open']))
  // an order of his own says the number, too: taken out of the note, it proposes as before
  await tell({
    identities: [
      { kind: 'external_userid', value: 'wm9' },
      { kind: 'phone_typed', value: phone('13900000006') },
    ],
    ...{ source: 'order', reference: '9', at },
  })
  await noteBy('wang', 'wm9')
  expect(await proposed()).toEqual([six, seven].map((root) => [root, 'open']))
  // decided by a person: his, whatever is noted later
  await db
    .updateTable('identity_proposals')
    .set({ state: 'refused' })
    .where('corp_id', '=', 2)
    .where('kind', '=', 'phone')
    .where('low_id', 'in', await homesOf(db, 2, seven ?? 0))
    .execute()
  await noteBy('lin', 'wm9')
  expect(await proposed()).toEqual([
    [six, 'open'],
    [seven, 'refused'],
  ])
})
