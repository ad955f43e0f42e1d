import { sql } from 'kysely'
import { describe, expect, it } from 'vitest'
import { isInTheWay } from '../../../infra/db/again.ts'
import { testDatabase } from '../../../infra/postgres/testing.ts'
import { createVault } from '../../../infra/secrets/vault.ts'
import { resolveIdentities } from '../identities/identity-resolve.store.ts'
import { applySeen, writeSeenCards } from '../seen/seen.store.ts'
import type { SeenRelation } from '../seen/seen.ts'
import { settleDue } from './person-due.store.ts'

const { db } = await testDatabase()
const at = new Date('2026-11-11T10:00:00+08:00')
const vault = createVault('locks')
const people = 40

const detail = (n: number, round: number): SeenRelation => ({
  ...{
    userid: 'lin',
    externalUserid: `wm${n}`,
    unionid: `o${people - n}`,
    name: `林${n} ${round}`,
    gender: 0,
    kind: 1,
  },
  ...{ createdAt: at, readAt: new Date(at.getTime() + round), remark: '', description: '', mobiles: [], tagIds: [] },
  ...{ avatar: undefined, corpName: undefined, remarkCorp: undefined },
  ...{ addWay: undefined, state: undefined, personalTags: undefined },
})

/** What the platform shows of everybody, in a turn of its own. */
const read = (corpId: number, round: number, turned: boolean) =>
  db.transaction().execute(async (tx) => {
    const seen = Array.from({ length: people }, (_, n) => detail(turned ? people - 1 - n : n, round))
    const { cards } = await applySeen(tx, seen, {
      ...{ corpId, vault, at: new Date(at.getTime() + round), cause: 'detail' },
      ...{ baseline: at, youngAfter: at, findMissed: false },
    })
    await writeSeenCards(tx, corpId, cards, vault)
  })

/** What a shop tells of everybody: it knows some by their unionid, some by the id that a page passed on. */
const tell = (corpId: number, round: number) =>
  db.transaction().execute((tx) =>
    resolveIdentities(
      tx,
      { corpId, vault, learntAt: at },
      Array.from({ length: people }, (_, n) => (n * 7 + round) % people).map((n) => ({
        identities: [
          { kind: 'member_no', value: `${round % 3}-${n}` },
          { kind: 'unionid', value: `o${people - n}` },
          { kind: 'external_userid', value: `wm${n}` },
        ].slice(0, 2 + (round % 2)),
        ...{ source: 'order', reference: `${round}`, at: new Date(at.getTime() + round) },
      })),
    ),
  )

describe('what the platform shows and what other systems tell of the same people at once', () => {
  it('waits for each other in one order: nobody is ended in favour of another', async () => {
    for (let corpId = 1; corpId <= 8; corpId += 1) {
      const outcomes = await Promise.allSettled([
        ...[1, 2, 3, 4].map((round) => read(corpId, round, round % 2 === 0)),
        ...[1, 2, 3, 4].map((round) => tell(corpId, round)),
        settleDue(db, corpId, at),
        ...[5, 6].map((round) => read(corpId, round, round % 2 === 0)),
      ])
      const failed = outcomes.flatMap((one) => (one.status === 'rejected' ? [one.reason] : []))
      expect(failed.filter((one) => !isInTheWay(one))).toEqual([])
      expect(failed).toHaveLength(0)
      await settleDue(db, corpId, at)
      const { rows } = await sql<{ persons: number }>`
        select count(distinct coalesce(c.merged_into, c.id))::int as persons
        from identities i join customers c on c.id = i.customer_id
        where i.corp_id = ${corpId} and i.kind in ('external_userid', 'unionid')`.execute(db)
      expect(rows[0]?.persons).toBe(people)
    }
  })
})
