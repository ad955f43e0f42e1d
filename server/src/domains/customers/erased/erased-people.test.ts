import fc from 'fast-check'
import { beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { pseudonymOf } from '../../../infra/secrets/pseudonym.ts'
import { erasePerson } from '../../compliance/index.ts'
import { factKey } from '../../intake/index.ts'
import { customerStage } from '../customer-stage.ts'
import { applyRelationFacts } from '../relations/relation-facts.store.ts'
import type { RelationFact } from '../relations/relation-facts.ts'
import { afterErasure } from './erased-people.ts'

const stage = await customerStage({ staff: 6, people: 120, relations: 260, clock: { paused: true } })
const { db, corpId, services } = stage
const person = z.object({ id: z.string(), externalUserId: z.string() })
/** The sandbox's time stands still: a step is what lies between two things. */
const step = async () => {
  await stage.admin('POST', '/sandbox/clock', { advanceMs: 10 * 60_000 })
  stage.clock.set(new Date(stage.sandbox.clock.now()))
}

beforeAll(async () => {
  await stage.sync()
  await step()
})

/** Somebody with relations to two members, and known by a sync. */
async function contactOfTwo(name: string): Promise<{ external: string; customerId: number }> {
  const { externalUserId: external } = person.parse(
    await stage.admin('POST', '/sandbox/people', { name, role: 'customer' }),
  )
  for (const userid of ['chenxiaoyu', await other()])
    await stage.admin('POST', `/sandbox/people/${external}/add`, { userid })
  await step()
  await stage.sync()
  return { external, customerId: (await customerOf(external)) ?? 0 }
}

async function other(): Promise<string> {
  const { userid } = await db
    .selectFrom('staff')
    .select('userid')
    .where('follows', '=', true)
    .where('userid', '<>', 'chenxiaoyu')
    .orderBy('userid')
    .executeTakeFirstOrThrow()
  return userid
}

async function customerOf(external: string): Promise<number | undefined> {
  const row = await db
    .selectFrom('identities')
    .select('customer_id')
    .where('value', '=', external)
    .where('kind', '=', 'external_userid')
    .executeTakeFirst()
  return row?.customer_id
}

const erase = (customerId: number) =>
  erasePerson(services, {
    corpId,
    customerId,
    audit: {
      corpId,
      actor: { accountId: '00000000-0000-7000-8000-000000000009', name: '管理员', role: 'administrator' },
      action: 'customer.erase',
      outcome: 'done',
      reason: '本人要求',
      ip: '127.0.0.1',
      userAgent: 'test',
      requestId: 'r1',
    },
  })

function fact(kind: RelationFact['kind'], userid: string, externalUserid: string, at: Date): RelationFact {
  const dedupeKey = factKey(corpId, [kind, userid, externalUserid, at.getTime()])
  return { kind, corpId, userid, externalUserid, at, cause: 'callback:1', dedupeKey }
}
const apply = (facts: readonly RelationFact[]) =>
  db.transaction().execute((tx) => applyRelationFacts(tx, services.vault, facts, stage.clock.now()))
const relationsOf = (customerId: number) =>
  db
    .selectFrom('relations')
    .select(['userid', 'external_userid', 'status', 'remark'])
    .where('customer_id', '=', customerId)
    .orderBy('userid')
    .execute()

describe('somebody who was erased and is still a contact', () => {
  it('does not come back with the next reconcile, nor is he taken for lost', async () => {
    const { external, customerId } = await contactOfTwo('甲不归')
    const { n: people } = await countPeople()
    expect(await erase(customerId)).toMatchObject({ kind: 'erased' })
    await step()
    expect(await stage.sync()).toMatchObject({ found: 0, vanished: 0, kept: 0 })
    expect(await customerOf(external)).toBeUndefined()
    expect(await countPeople()).toEqual({ n: people })
    // the rows that are counted stand as they stood
    const kept = await relationsOf(customerId)
    expect(kept.map((one) => one.status)).toEqual(['alive', 'alive'])
    expect(new Set(kept.map((one) => one.external_userid))).toEqual(
      new Set([pseudonymOf(services.vault, corpId, external)]),
    )
  })

  it('comes back as somebody new by a new add, and only with the member whom he added', async () => {
    const { external, customerId } = await contactOfTwo('乙又来')
    await erase(customerId)
    await step()
    await stage.admin('POST', `/sandbox/people/${external}/delete`, { peer: 'chenxiaoyu' })
    await stage.admin('POST', `/sandbox/people/${external}/add`, { userid: 'chenxiaoyu' })
    await step()
    expect(await stage.sync()).toMatchObject({ found: 1 })
    const again = await customerOf(external)
    expect(again).not.toBe(customerId)
    expect((await relationsOf(again ?? 0)).map((one) => one.userid)).toEqual(['chenxiaoyu'])
    const old = await db.selectFrom('customers').select('name').where('id', '=', customerId).executeTakeFirstOrThrow()
    expect(old.name).toBeNull()
    await stage.sync()
    expect((await relationsOf(again ?? 0)).map((one) => one.userid)).toEqual(['chenxiaoyu'])
  })

  it('is not called back to life by changes and late adds; an end is kept under the pseudonym', async () => {
    const { external, customerId } = await contactOfTwo('丙勿念')
    const before = stage.clock.now()
    await step()
    await erase(customerId)
    await step()
    const now = stage.clock.now()
    const applied = await apply([
      fact('added', 'chenxiaoyu', external, before),
      fact('edited', 'chenxiaoyu', external, now),
      fact('ended', await other(), external, now),
    ])
    expect(applied.customerOf({ corpId, externalUserid: external })).toBeUndefined()
    expect(await customerOf(external)).toBeUndefined()
    expect((await relationsOf(customerId)).map((one) => one.status).sort()).toEqual(['alive', 'ended'])
    const events = await db.selectFrom('events').select('payload').where('customer_id', '=', customerId).execute()
    expect(JSON.stringify(events)).not.toContain(external)
  })

  it('who adds again and is erased again stays erased from then on', async () => {
    const { external, customerId } = await contactOfTwo('丁两次')
    await erase(customerId)
    await step()
    const { customerOf: found } = await apply([fact('added', 'chenxiaoyu', external, stage.clock.now())])
    const again = found({ corpId, externalUserid: external }) ?? 0
    expect(again).toBeGreaterThan(customerId)
    // what follows in this relation is his, what comes of the old one is not
    const third = await other()
    await step()
    await apply([
      fact('edited', 'chenxiaoyu', external, stage.clock.now()),
      fact('ended', third, external, stage.clock.now()),
    ])
    expect((await relationsOf(again)).map((one) => one.userid)).toEqual(['chenxiaoyu'])
    expect(await erase(again)).toMatchObject({ kind: 'erased' })
    await step()
    await stage.sync()
    expect(await customerOf(external)).toBeUndefined()
  })
})

it('whatever is told of an erased person, only an add after the erasure brings his id back', () => {
  const erased = { pseudonym: 'erased-x', erasedAt: new Date(1_000_000) }
  fc.assert(
    fc.property(
      fc.constantFrom('added', 'half_added', 'ended', 'edited', 'transfer_failed', 'archive_agreed'),
      fc.integer({ min: -5, max: 5 }),
      (kind, later) => {
        const given = fact(kind, 'lin', 'wmErased', new Date(1_000_000 + later * 1_000))
        const stands = afterErasure(given, erased, false)
        const comesBack = stands?.externalUserid === 'wmErased'
        expect(comesBack).toBe((kind === 'added' || kind === 'half_added') && later > 0)
      },
    ),
  )
})

function countPeople(): Promise<{ n: number }> {
  return db.selectFrom('customers').select(db.fn.countAll<number>().as('n')).executeTakeFirstOrThrow()
}
