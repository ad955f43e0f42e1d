import type { Platform } from '../platform.ts'
import { hash } from '../random.ts'
import { dayStart } from '../statistics.ts'
import { buy } from './reacting.ts'

const DAY_S = 86_400

/**
 * People buy without any message too, by `reach.buysPerDay`: who does on a day, and when, hangs on the seed, the person and
 * the day alone, so that a holdout behaves as everybody would have.
 */
export function buyEveryDay(platform: Platform): void {
  const { clock } = platform
  const midnightS = dayStart(Math.floor(clock.now() / 1000)) + DAY_S
  clock.setTimer(midnightS * 1000, () => {
    planDay(platform, midnightS)
    buyEveryDay(platform)
  })
}

function planDay(platform: Platform, midnightS: number): void {
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
