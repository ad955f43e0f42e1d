import { hash } from './random.ts'
import type { World } from './world/world.ts'

/** What a member did on one day [92132]. */
export interface Day {
  chats: number
  messages: number
  replies: number
  asked: number
  negative: number
  applied: number
  added: number
}

/** Counts per member and day of what happens in the sandbox; days before it was started are computed. */
export interface Statistics {
  count(userid: string, atMs: number, what: keyof Day): void
  day(userid: string, dayStartS: number): Day
  dump(): readonly DayState[]
  load(state: readonly DayState[]): void
}

/** A member and day with its counts. */
export type DayState = readonly [string, Day]

const DAY_S = 86_400
/** The corp's days begin at midnight in Shanghai. */
const ZONE_S = 8 * 3600

export const dayStart = (seconds: number): number => Math.floor((seconds + ZONE_S) / DAY_S) * DAY_S - ZONE_S

export function createStatistics(world: World, startedMs: number): Statistics {
  const days = new Map<string, Day>()
  const firstDay = dayStart(Math.floor(startedMs / 1000))
  return {
    count(userid, atMs, what) {
      const key = `${userid}:${dayStart(Math.floor(atMs / 1000))}`
      const day = days.get(key) ?? blank()
      day[what]++
      days.set(key, day)
    },
    day(userid, dayStartS) {
      const counted = days.get(`${userid}:${dayStartS}`)
      if (counted !== undefined) return counted
      return dayStartS < firstDay ? computed(world, userid, dayStartS) : blank()
    },
    dump: () => [...days],
    load(state) {
      for (const [key, day] of state) days.set(key, day)
    },
  }
}

function blank(): Day {
  return { chats: 0, messages: 0, replies: 0, asked: 0, negative: 0, applied: 0, added: 0 }
}

function computed(world: World, userid: string, dayStartS: number): Day {
  const member = world.staff.find(userid)
  if (member === undefined) return blank()
  const h = (salt: number) => hash(hash(member.index, dayStartS), world.seed + salt)
  const chats = h(70) % 18
  const asked = Math.floor((chats * (h(71) % 100)) / 100)
  const added = h(72) % 5
  return {
    chats,
    messages: chats * (1 + (h(73) % 6)),
    asked,
    replies: Math.floor((asked * (60 + (h(74) % 41))) / 100),
    negative: h(75) % 7 === 0 ? 1 : 0,
    applied: added + (h(76) % 2),
    added,
  }
}
