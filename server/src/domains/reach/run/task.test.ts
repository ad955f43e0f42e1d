import { describe, expect, it } from 'vitest'
import { nextLook, nextReading, nextReminder } from './task.ts'

const hour = 3_600_000
const now = new Date('2026-11-11T10:00:00+08:00')
const ago = (hours: number) => new Date(now.getTime() - hours * hour)
const minutes = (at: Date | undefined) => Math.round(((at?.getTime() ?? 0) - now.getTime()) / 60_000)

describe('looking at a task', () => {
  it('happens often while it is young and seldom when it is old, spread by number', () => {
    const every = [0, 2, 12, 48].map((age) => minutes(nextLook({ number: 500, askedAt: ago(age) }, now)))
    expect(every).toEqual([...every].sort((a, b) => a - b))
    expect(every[0]).toBeLessThanOrEqual(6)
    expect(every[3]).toBeGreaterThan(150)
    const spread = new Set(Array.from({ length: 50 }, (_, n) => nextLook({ number: n, askedAt: now }, now).getTime()))
    expect(spread.size).toBeGreaterThan(40)
  })

  it('ends a day after the member confirmed', () => {
    expect(minutes(nextReading(ago(0.5), now))).toBe(10)
    expect(nextReading(ago(24), now)).toBeUndefined()
  })
})

describe('reminders', () => {
  const limit = { most: 3, windowMs: 24 * hour }
  const task = { askedAt: now, expiresAt: new Date(now.getTime() + 24 * hour), reminded: 0 }
  it('are spread over the life of the task, and no more than wanted or allowed', () => {
    const times = [0, 1, 2].map((reminded) => minutes(nextReminder({ ...task, reminded }, 3, limit) ?? undefined) / 60)
    expect(times).toEqual([6, 12, 18])
    expect(nextReminder({ ...task, reminded: 3 }, 9, limit)).toBeNull()
    expect(nextReminder(task, 0, limit)).toBeNull()
  })
})
