import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { sql } from 'kysely'
import { beforeEach, describe, expect, it } from 'vitest'
import type { AuditEntry } from '../../infra/http/audited.ts'
import { testDatabase } from '../../infra/postgres/testing.ts'
import { search } from './audit.store.ts'
import { verifyChain, writeAudit } from './audit.trail.ts'
import { withoutSecrets } from './audit.ts'

const { db } = await testDatabase()
const someone = { accountId: '00000000-0000-7000-8000-000000000001', name: '小雨', role: 'operator' as const }

const entry = (corpId: number, more: Partial<AuditEntry> = {}): AuditEntry => ({
  corpId,
  actor: someone,
  action: 'channel.update',
  outcome: 'done',
  objectKind: 'channel',
  objectId: '7',
  ip: '10.0.0.1',
  userAgent: 'test',
  requestId: 'r',
  ...more,
})

async function tamper(run: () => Promise<unknown>): Promise<void> {
  await sql`alter table audit_entries disable trigger user`.execute(db)
  await run()
  await sql`alter table audit_entries enable trigger user`.execute(db)
}

beforeEach(() => tamper(() => sql`truncate audit_entries, audit_heads`.execute(db)))

describe('the audit chain', () => {
  it('is whole after any entries, several corps and writers at once', async () => {
    const summary = fc.dictionary(
      fc.string({ unit: 'binary' }),
      fc.oneof(fc.string({ unit: 'binary' }), fc.double(), fc.boolean()),
    )
    const entries = fc.sample(
      fc.record({
        corpId: fc.integer({ min: 0, max: 2 }),
        objectId: fc.string({ unit: 'binary' }),
        before: summary,
        after: summary,
      }),
      { numRuns: 120, seed: 5 },
    )
    await Promise.all(entries.map(({ corpId, ...more }) => writeAudit(db, entry(corpId, more))))
    for (const corpId of [0, 1, 2]) {
      const report = await verifyChain(db, corpId)
      expect(report).toMatchObject({ ok: true, checked: entries.filter((one) => one.corpId === corpId).length })
    }
  })

  it('can be checked by a few lines that know nothing of our code', async () => {
    await writeAudit(db, entry(1, { before: { b: [1.5, { d: null, c: '欢' }], a: true }, reason: '核对' }))
    await writeAudit(db, entry(1, { actor: undefined }))
    const { rows } = await sql<{ fields: unknown[]; at: Date; previous: Buffer; hash: Buffer }>`
      select at, previous, hash, jsonb_build_array(corp_id, seq, null, account_id, account_name, role, action, outcome,
        object_kind, object_id, summary, ip, user_agent, request_id) as fields
      from audit_entries where corp_id = 1 order by seq`.execute(db)
    const byKey = (_: string, value: unknown) =>
      value !== null && typeof value === 'object' && !Array.isArray(value)
        ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
        : value
    let previous = Buffer.alloc(32)
    for (const row of rows) {
      const text = JSON.stringify(row.fields.with(2, row.at.toISOString()), byKey)
      expect(row.previous).toEqual(previous)
      previous = createHash('sha256').update(previous).update(text).digest()
      expect(row.hash).toEqual(previous)
    }
    expect(rows).toHaveLength(2)
  })

  it('stands or falls with the transaction that it is written in, and leaves no gap', async () => {
    await expect(
      db.transaction().execute(async (tx) => {
        await writeAudit(tx, entry(1))
        throw new Error('the change failed')
      }),
    ).rejects.toThrow('the change failed')
    await writeAudit(db, entry(1))
    expect(await verifyChain(db, 1)).toMatchObject({ ok: true, checked: 1 })
  })

  it('refuses every change in the database itself', async () => {
    await writeAudit(db, entry(1))
    await expect(sql`update audit_entries set account_name = 'x'`.execute(db)).rejects.toThrow('append-only')
    await expect(sql`delete from audit_entries`.execute(db)).rejects.toThrow('append-only')
    await expect(sql`truncate audit_entries`.execute(db)).rejects.toThrow('append-only')
  })

  it.each([
    ['a changed name', sql`update audit_entries set account_name = '别人' where seq = 3`, { kind: 'changed', seq: 3 }],
    [
      'a changed summary',
      sql`update audit_entries set summary = '{"count":99}' where seq = 3`,
      { kind: 'changed', seq: 3 },
    ],
    [
      'a changed time',
      sql`update audit_entries set at = at + interval '1 ms' where seq = 3`,
      { kind: 'changed', seq: 3 },
    ],
    ['an entry taken out', sql`delete from audit_entries where seq = 3`, { kind: 'missing', seq: 4 }],
    ['the beginning taken out', sql`delete from audit_entries where seq < 3`, { kind: 'missing', seq: 3 }],
    ['the end taken out', sql`delete from audit_entries where seq > 3`, { kind: 'cut', seq: 5 }],
    [
      'an entry taken out and the rest renumbered',
      sql`delete from audit_entries where seq = 3; update audit_entries set seq = 3 where seq = 4`,
      { kind: 'broken', seq: 3 },
    ],
  ])('finds %s', async (_name, change, fault) => {
    for (let n = 0; n < 5; n += 1) await writeAudit(db, entry(1, { count: n }))
    await tamper(() => change.execute(db))
    expect(await verifyChain(db, 1)).toMatchObject({ ok: false, fault })
  })

  it('finds a chain rewritten as a whole when its end was noted before', async () => {
    for (let n = 0; n < 5; n += 1) await writeAudit(db, entry(1, { count: n }))
    const noted = (await verifyChain(db, 1)).end
    await writeAudit(db, entry(1))
    expect(await verifyChain(db, 1, noted)).toMatchObject({ ok: true, checked: 6 })
    await tamper(() => sql`truncate audit_entries, audit_heads`.execute(db))
    for (let n = 0; n < 6; n += 1) await writeAudit(db, entry(1, { count: n + 1 }))
    expect(await verifyChain(db, 1)).toMatchObject({ ok: true })
    expect(await verifyChain(db, 1, noted)).toMatchObject({ ok: false, fault: { kind: 'anchor', seq: 5 } })
  })
})

describe('an audit entry', () => {
  it('holds no secret and no phone number, whatever was noted', async () => {
    const noted = {
      name: '门店码',
      appSecret: 's3cret',
      inner: [{ access_token: 't0ken' }],
      text: '致电 13812345678',
      mobile: '1',
    }
    await writeAudit(db, entry(1, { after: noted, reason: '客户 +86 13912345678 来电' }))
    const [stored] = await search(db, 1, {}, { beforeSeq: undefined, limit: 1 })
    const text = JSON.stringify(stored?.summary)
    for (const secret of ['s3cret', 't0ken', '13812345678', '13912345678']) expect(text).not.toContain(secret)
    expect(text).toContain('门店码')
  })

  it('keeps numbers that only look like phone numbers inside longer ones', () => {
    expect(withoutSecrets({ orderNo: '20261111138123456780', at: 1_795_000_000_000 })).toEqual({
      orderNo: '20261111138123456780',
      at: 1_795_000_000_000,
    })
  })
})

describe('the search', () => {
  it('finds by account, action or thing, outcome, object and time, newest first, page by page', async () => {
    for (let n = 1; n <= 6; n += 1) {
      const action = n % 2 === 0 ? 'channel.update' : 'welcome.update'
      await writeAudit(db, entry(1, { action, objectId: String(n), outcome: n === 4 ? 'refused' : 'done' }))
    }
    await writeAudit(db, entry(2))
    const found = async (filter: Parameters<typeof search>[2], beforeSeq?: number, limit = 10) =>
      (await search(db, 1, filter, { beforeSeq, limit })).map((record) => record.seq)
    expect(await found({})).toEqual([6, 5, 4, 3, 2, 1])
    expect(await found({}, 4, 2)).toEqual([3, 2])
    expect(await found({ action: 'channel' })).toEqual([6, 4, 2])
    expect(await found({ action: 'welcome.update', objectId: '3' })).toEqual([3])
    expect(await found({ outcome: 'refused' })).toEqual([4])
    expect(await found({ accountId: someone.accountId, to: new Date(0) })).toEqual([])
  })
})
