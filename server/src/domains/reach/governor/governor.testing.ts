import fc from 'fast-check'
import type { Policy } from './policy.schema.ts'
import { policyFault } from './policy.ts'
import { capModes } from './quota.ts'
import { channels, type Felt, type Reserved } from './touch.ts'

/** Policies, touches and questions as they come, for properties. */
export const zones = ['Asia/Shanghai', 'America/New_York', 'UTC'] as const
/** Around it New York changes its clocks. */
export const around = Date.parse('2026-11-02T05:00:00Z') / 1000
const dayS = 86_400

const channel = fc.constantFrom('customer_send' as const, 'moments' as const, 'group_send' as const)
const cap = fc
  .record({
    channel: fc.option(channel),
    per: fc.constantFrom('day' as const, 'week' as const, 'month' as const),
    most: fc.integer({ min: 0, max: 6 }),
    kept: fc.integer({ min: 0, max: 2 }),
  })
  .map((one) => ({ ...one, kept: Math.min(one.kept, one.most) }))
const minute = fc.integer({ min: 0, max: 1_439 })

export const aPolicy: fc.Arbitrary<Policy> = fc
  .record({
    whom: fc.constant(null),
    marketing: fc.oneof(
      { weight: 9, arbitrary: fc.constant('limited' as const) },
      { weight: 1, arbitrary: fc.constant('never' as const) },
    ),
    caps: fc.uniqueArray(cap, { maxLength: 5, selector: (one) => `${one.channel} ${one.per}` }),
    kept_from: fc.integer({ min: 1, max: 9 }),
    gap_minutes: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 4_000 })),
    quiet: fc.option(fc.record({ from: minute, until: minute })),
    less_per_week: fc.integer({ min: 0, max: 3 }),
    fatigue: fc.option(fc.integer({ min: 1, max: 500 }).map((most) => ({ high: 1, most }))),
  })
  .filter((policy) => policyFault(policy) === undefined)

/** In the 40 days before, and now and then after; whole hours make ties. */
export const aFelt: fc.Arbitrary<Felt> = fc.record({
  second: fc.oneof(
    fc.integer({ min: around - 40 * dayS, max: around + 3 * dayS }),
    fc.integer({ min: -960, max: 72 }).map((hours) => around + hours * 3_600),
  ),
  channel: fc.constantFrom(...channels),
  weight: fc.constantFrom(30, 60, 100),
})

export const aReserved: fc.Arbitrary<Reserved> = fc.record({
  channel: fc.constantFrom(...channels),
  weight: fc.constantFrom(30, 60, 100),
})

/** A cap that is met now and then, of each way to count; and what the platform and the ledger know beside touches. */
export const aQuota = fc.record({
  'broadcast.cap_mode': fc.constantFrom(...capModes),
  'broadcast.weekly_cap': fc.integer({ min: 0, max: 7 }),
  'broadcast.daily_cap': fc.integer({ min: 1, max: 2 }),
})
export const isRefused = fc.option(
  fc.integer({ min: -400, max: 72 }).map((hours) => around + hours * 3_600),
  { freq: 2 },
)
export const someServed = fc.oneof(
  { weight: 3, arbitrary: fc.constant([]) },
  fc.array(
    fc.integer({ min: -700, max: 72 }).map((hours) => around + hours * 3_600),
    { maxLength: 4 },
  ),
)

export const anAsk = fc.record({
  channel,
  priority: fc.integer({ min: 1, max: 9 }),
  at: fc
    .oneof(
      fc.integer({ min: -3 * dayS, max: 3 * dayS }),
      fc.integer({ min: -72, max: 72 }).map((hours) => hours * 3_600),
    )
    .map((seconds) => new Date((around + seconds) * 1000)),
  waitUntil: fc.option(fc.integer({ min: 0, max: 20 * dayS }).map((seconds) => new Date((around + seconds) * 1000))),
})
