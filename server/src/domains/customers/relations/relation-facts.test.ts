import fc from 'fast-check'
import { sql } from 'kysely'
import { describe, expect, it } from 'vitest'
import { testDatabase } from '../../../infra/postgres/testing.ts'
import { createVault } from '../../../infra/secrets/vault.ts'
import { factKey } from '../../intake/index.ts'
import { applyRelationFacts } from './relation-facts.store.ts'
import { foldFacts, type RelationFact } from './relation-facts.ts'

const { db } = await testDatabase()
const vault = createVault('a key of these tests')

const instant = fc.integer({ min: 0, max: 8 }).map((s) => new Date(Date.UTC(2026, 10, 11, 0, 0, s)))
const fact = fc
  .record({
    kind: fc.constantFrom('added' as const, 'half_added' as const, 'ended' as const, 'edited' as const),
    userid: fc.constantFrom('lin', 'wang'),
    externalUserid: fc.constantFrom('wmA', 'wmB', 'wmC'),
    at: instant,
  })
  .map(({ kind, userid, externalUserid, at }): RelationFact => {
    const state = kind === 'added' || kind === 'half_added' ? `s${at.getTime() % 7}` : undefined
    return {
      kind,
      corpId: 1,
      userid,
      externalUserid,
      at,
      state,
      cause: 'test',
      ...(kind === 'ended' ? { endedBy: 'customer' as const } : {}),
      dedupeKey: factKey(1, [kind, userid, externalUserid, at.getTime()]),
    }
  })

describe('relation facts', () => {
  it('fold to the same registers in whatever order they come', () => {
    fc.assert(
      fc.property(fc.array(fact, { maxLength: 20 }), fc.infiniteStream(fc.nat()), (facts, order) => {
        const shuffled = facts
          .map((f) => ({ f, rank: order.next().value }))
          .sort((a, b) => a.rank - b.rank)
          .map(({ f }) => f)
        expect(foldFacts(shuffled)).toEqual(foldFacts(facts))
      }),
    )
  })

  it('converge in the database in any order, any batches and with repeats, and every fact becomes one event', async () => {
    let corp = 100
    await fc.assert(
      fc.asyncProperty(
        fc.array(fact, { minLength: 1, maxLength: 12 }),
        fc.array(fc.nat(), { minLength: 40, maxLength: 40 }),
        fc.integer({ min: 1, max: 5 }),
        async (given, order, size) => {
          const inOrder = corp + 1
          const shuffledCorp = corp + 2
          corp += 2
          const of = (id: number) =>
            given.map((f) => ({
              ...f,
              corpId: id,
              dedupeKey: factKey(id, [f.kind, f.userid, f.externalUserid, f.at.getTime()]),
            }))
          await apply(of(inOrder))
          const repeated = [...of(shuffledCorp), ...of(shuffledCorp)]
            .map((f, i) => ({ f, rank: order[i % order.length] ?? 0 }))
            .sort((a, b) => a.rank - b.rank)
            .map(({ f }) => f)
          for (let at = 0; at < repeated.length; at += size) await apply(repeated.slice(at, at + size))
          expect(await stateOf(shuffledCorp)).toEqual(await stateOf(inOrder))
          expect(await eventsOf(shuffledCorp)).toBe(
            new Set(given.map((f) => `${f.kind}${f.userid}${f.externalUserid}${f.at.getTime()}`)).size,
          )
        },
      ),
      { numRuns: 25 },
    )
  })

  it('tell alive, half and ended apart; an end in the second of the add wins', async () => {
    const at = new Date('2026-11-11T10:00:00Z')
    const later = new Date('2026-11-11T10:00:05Z')
    const make = (kind: RelationFact['kind'], externalUserid: string, when: Date): RelationFact => ({
      kind,
      corpId: 9,
      userid: 'lin',
      externalUserid,
      at: when,
      cause: 'test',
      dedupeKey: factKey(9, [kind, externalUserid, when.getTime()]),
      ...(kind === 'ended' ? { endedBy: 'customer' as const } : {}),
    })
    await apply([
      make('added', 'alive', at),
      make('half_added', 'half', at),
      make('half_added', 'full', at),
      make('added', 'full', later),
      make('added', 'gone', at),
      make('ended', 'gone', at),
    ])
    const { rows } = await sql<{
      external_userid: string
      status: string
    }>`select external_userid, status from relations where corp_id = 9 order by 1`.execute(db)
    expect(rows).toEqual([
      { external_userid: 'alive', status: 'alive' },
      { external_userid: 'full', status: 'alive' },
      { external_userid: 'gone', status: 'ended' },
      { external_userid: 'half', status: 'half' },
    ])
  })

  it('500 adds of one member in one second are 500 customers', async () => {
    const at = new Date('2026-11-11T00:00:00Z')
    const facts = Array.from(
      { length: 500 },
      (_, i): RelationFact => ({
        kind: 'added',
        corpId: 8,
        userid: 'lin',
        externalUserid: `wm${i}`,
        at,
        cause: 'test',
        dedupeKey: factKey(8, ['added', 'lin', `wm${i}`, 0]),
      }),
    )
    await Promise.all([0, 125, 250, 375].map((from) => apply(facts.slice(from, from + 125))))
    const { rows } = await sql<{
      n: number
    }>`select count(distinct customer_id)::int as n from relations where corp_id = 8`.execute(db)
    expect(rows[0]?.n).toBe(500)
  })
})

async function apply(facts: readonly RelationFact[]): Promise<void> {
  await db.transaction().execute((tx) => applyRelationFacts(tx, vault, facts, new Date('2026-11-11T12:00:00Z')))
}

async function stateOf(corpId: number) {
  const { rows } = await sql`
    select userid, external_userid, added_at, first_added_at, half_at, ended_at, ended_by, state, source_at, status
    from relations where corp_id = ${corpId} order by userid, external_userid`.execute(db)
  return rows
}

async function eventsOf(corpId: number): Promise<number> {
  const { rows } = await sql<{ n: number }>`select count(*)::int as n from events where corp_id = ${corpId}`.execute(db)
  return rows[0]?.n ?? 0
}
