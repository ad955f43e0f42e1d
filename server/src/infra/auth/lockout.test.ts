import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { testDatabase } from '../postgres/testing.ts'
import { beginAttempt, forgetFailures, removeIdleLocks, takeBack } from './lockout.store.ts'
import { attempt, type Failures, lockRules } from './lockout.ts'

const { db } = await testDatabase()
const start = new Date('2026-11-11T10:00:00Z')
const later = (s: number) => new Date(start.getTime() + s * 1000)

describe('the lock on an account', () => {
  it('comes with the fifth failure and doubles with each further one, up to an hour', () => {
    let before: Failures | undefined
    let now = start
    const locks: number[] = []
    for (let n = 1; n <= 13; n += 1) {
      const verdict = attempt('account', before, now)
      if (!verdict.allowed) throw new Error('locked too early')
      before = verdict.failures
      const lock = before.lockedUntil === undefined ? 0 : (before.lockedUntil.getTime() - now.getTime()) / 1000
      locks.push(lock)
      now = new Date(now.getTime() + lock * 1000)
    }
    expect(locks).toEqual([0, 0, 0, 0, 60, 120, 240, 480, 960, 1920, 3600, 3600, 3600])
  })

  it('says how many tries are left and how long the next lock lasts', () => {
    const first = attempt('account', undefined, start)
    expect(first).toMatchObject({ allowed: true, left: 4, locksForS: 60 })
    const sixth = attempt('account', { count: 5, lastAt: start, lockedUntil: later(60) }, later(61))
    expect(sixth).toMatchObject({ allowed: true, left: 0, locksForS: 120 })
  })

  it('is forgotten a day after the last failure', () => {
    const verdict = attempt('account', { count: 40, lastAt: start, lockedUntil: later(3600) }, later(86_401))
    expect(verdict).toMatchObject({ allowed: true, failures: { count: 1 } })
  })

  it('never opens before its time and never lasts longer than the rule says', () => {
    fc.assert(
      fc.property(
        fc.constantFrom('account' as const, 'ip' as const),
        fc.array(fc.integer({ min: 0, max: 7200 }), { minLength: 1, maxLength: 80 }),
        (kind, gaps) => {
          let before: Failures | undefined
          let now = start
          for (const gap of gaps) {
            now = new Date(now.getTime() + gap * 1000)
            const verdict = attempt(kind, before, now)
            const locked = before?.lockedUntil !== undefined && before.lockedUntil > now
            expect(verdict.allowed).toBe(!locked)
            if (!verdict.allowed) {
              expect(verdict.retryAfterS).toBeGreaterThan(0)
              expect(verdict.retryAfterS).toBeLessThanOrEqual(lockRules[kind].longestS)
            } else before = verdict.failures
          }
        },
      ),
    )
  })
})

describe('the count in the database', () => {
  it('lets no more attempts through when they come all at once', async () => {
    const verdicts = await Promise.all(Array.from({ length: 30 }, () => beginAttempt(db, 'account', 'rush', start)))
    expect(verdicts.filter((verdict) => verdict.allowed)).toHaveLength(lockRules.account.locksAt)
  })

  it('starts anew after a success', async () => {
    for (let n = 0; n < 5; n += 1) await beginAttempt(db, 'account', 'right', start)
    await forgetFailures(db, 'account', 'right')
    expect(await beginAttempt(db, 'account', 'right', start)).toMatchObject({ allowed: true, left: 4 })
  })

  it('takes back one try of an address for each success, with the lock that this try set', async () => {
    const verdicts = []
    for (let n = 0; n < lockRules.ip.locksAt; n += 1) verdicts.push(await beginAttempt(db, 'ip', '10.0.0.1', start))
    const last = verdicts.at(-1)
    if (!last?.allowed) throw new Error('locked too early')
    expect(await beginAttempt(db, 'ip', '10.0.0.1', start)).toMatchObject({ allowed: false, retryAfterS: 60 })
    await takeBack(db, 'ip', '10.0.0.1', last.failures)
    expect(await beginAttempt(db, 'ip', '10.0.0.1', start)).toMatchObject({ allowed: true, left: 0 })
  })

  it('keeps no name or address in clear, and no row for ever', async () => {
    await beginAttempt(db, 'account', 'somebody', start)
    const rows = await db.selectFrom('login_locks').selectAll().execute()
    expect(JSON.stringify(rows)).not.toContain('somebody')
    await removeIdleLocks(db, later(86_401))
    expect(await db.selectFrom('login_locks').selectAll().execute()).toEqual([])
  })
})
