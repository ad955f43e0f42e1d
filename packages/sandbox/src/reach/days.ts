import type { Platform } from '../platform.ts'
import { hash } from '../random.ts'
import { dayStart } from '../statistics.ts'
import { sendOwn } from './own.ts'
import { buy } from './reacting.ts'

const DAY_S = 86_400

const OWN_WORDS = ['早安，今天的水果都到齐啦', '周末愉快，店里等您', '新品试吃，欢迎来店']

/**
 * What goes on without the brand: members send by themselves, by `reach.ownSendsPerDay`, within the shop's hours. And
 * people buy without any message too, by `reach.buysPerDay`: who does on a day, and when, hangs on the seed, the person and
 * the day alone, so that a holdout behaves as everybody would have.
 */
export function liveEveryDay(platform: Platform): void {
  const { clock } = platform
  const midnightS = dayStart(Math.floor(clock.now() / 1000)) + DAY_S
  clock.setTimer(midnightS * 1000, () => {
    planSends(platform, midnightS)
    planPurchases(platform, midnightS)
    liveEveryDay(platform)
  })
}

function planSends(platform: Platform, midnightS: number): void {
  const { clock, world, settings } = platform
  const { ownSendsPerDay, hours } = settings.value.reach
  const day = hash(midnightS, world.seed + 231)
  for (const member of world.staff.all()) {
    const luck = hash(member.index, day)
    const { followUser, onLeave } = settings.member(member.userid)
    if (luck / 0x1_0000_0000 >= ownSendsPerDay || !followUser || onLeave) continue
    const hour = hours.from + (hash(luck, 1) / 0x1_0000_0000) * (hours.to - hours.from)
    const text = OWN_WORDS[luck % OWN_WORDS.length] ?? ''
    clock.setTimer((midnightS + hour * 3600) * 1000, () => {
      if (world.staff.find(member.userid) === member) sendOwn(platform, member, { text })
    })
  }
}

function planPurchases(platform: Platform, midnightS: number): void {
  const { world, settings } = platform
  const { buysPerDay } = settings.value.reach
  if (buysPerDay === 0) return
  const buyers: { customer: number; atMs: number }[] = []
  const day = hash(midnightS, world.seed + 230)
  for (let customer = 0; customer < world.customers.count; customer++) {
    const luck = hash(customer, day)
    if (luck / 0x1_0000_0000 >= buysPerDay) continue
    buyers.push({ customer, atMs: midnightS * 1000 + Math.floor((hash(luck, 1) / 0x1_0000_0000) * DAY_S * 1000) })
  }
  buyers.sort((a, b) => a.atMs - b.atMs || a.customer - b.customer)
  next(platform, buyers, 0)
}

function next(platform: Platform, buyers: readonly { customer: number; atMs: number }[], at: number): void {
  const one = buyers[at]
  if (one === undefined) return
  platform.clock.setTimer(one.atMs, () => {
    buy(platform, one.customer, Math.floor(one.atMs / 1000))
    next(platform, buyers, at + 1)
  })
}
