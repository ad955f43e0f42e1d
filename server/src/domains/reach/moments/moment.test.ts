import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Task } from '../run/task.ts'
import { judgeListing, linksOf, mustCancel, nextApplause, nextViewers, roomInMinute } from './moment.ts'

const hourMs = 3_600_000
const published = new Date('2026-11-11T10:00:00+08:00')
const at = (hours: number) => new Date(published.getTime() + hours * hourMs)
const task = (sender: string, ending: Task['ending'] = null) => ({ sender, ending }) as Task

describe('who sees a published Moment', () => {
  const seen = { confirmedAt: published, changed: true, anybody: true, everybody: false }

  it('is read again after ten minutes while it changes, and no more when it does not', () => {
    expect(nextViewers(seen, at(0))).toEqual(new Date(published.getTime() + 600_000))
    expect(nextViewers({ ...seen, changed: false }, at(0))).toEqual(new Date(published.getTime() + 600_000))
    expect(nextViewers({ ...seen, changed: false }, at(0.2))).toBeUndefined()
    expect(nextViewers({ ...seen, everybody: true }, at(0))).toBeUndefined()
  })

  it('is read for a day where nobody is shown', () => {
    const nobody = { ...seen, changed: false, anybody: false }
    expect(nextViewers(nobody, at(23))).toBeDefined()
    expect(nextViewers(nobody, at(24))).toBeUndefined()
  })
})

it('likes and comments are asked for often while it is young, then seldom, and come to an end', () => {
  let [calls, now] = [0, published]
  const gaps: number[] = []
  for (let next = nextApplause(published, now); next !== undefined; next = nextApplause(published, now)) {
    gaps.push(next.getTime() - now.getTime())
    now = next
    calls += 1
  }
  expect(gaps).toEqual([...gaps].sort((a, b) => a - b))
  expect(calls).toBeLessThanOrEqual(10)
  expect(now.getTime() - published.getTime()).toBeGreaterThanOrEqual(7 * 24 * hourMs)
})

it('every task stands in exactly one part of a listing, whatever case its member is written in', () => {
  const userid = fc.constantFrom('LiJie', 'lijie', 'chen', 'Wang', 'zhao')
  const told = fc.array(fc.tuple(userid, fc.boolean()), { maxLength: 5 })
  fc.assert(
    fc.property(fc.uniqueArray(userid, { selector: (one) => one.toLowerCase() }), told, (senders, listed) => {
      const listing = new Map(listed.map(([one, is]) => [one.toLowerCase(), is]))
      const {
        published: done,
        open,
        unlisted,
      } = judgeListing(
        senders.map((one) => task(one)),
        listing,
      )
      expect([...done, ...open, ...unlisted].map(({ sender }) => sender).sort()).toEqual([...senders].sort())
      expect(done.every(({ sender }) => listing.get(sender.toLowerCase()) === true)).toBe(true)
      expect(unlisted.every(({ sender }) => !listing.has(sender.toLowerCase()))).toBe(true)
    }),
  )
})

it('a Moment is cancelled for all when the run says so, not for the sake of one who is gone', () => {
  expect(mustCancel([task('a'), task('b', 'absent')])).toBe(false)
  expect(mustCancel([task('a'), task('b', 'quiet')])).toBe(true)
  expect(mustCancel([])).toBe(false)
})

it('no minute asks for more than our share of the platform’s limit', () => {
  fc.assert(
    fc.property(fc.nat(200), fc.nat(200), (limit, asked) => {
      const room = roomInMinute(limit, asked)
      expect(room).toBeGreaterThanOrEqual(0)
      expect(room === 0 || room + asked <= limit * 0.85).toBe(true)
    }),
  )
})

it('the links of a Moment stand under a number that no task has', () => {
  expect([0, 1, 7].map((number) => linksOf({ number }))).toEqual([-1, -2, -8])
})
