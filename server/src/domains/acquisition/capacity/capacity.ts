/** How full a member or the corp is, when it will be full, and whether a plan fits. */

/** Shares of the customer cap: a first warning, an urgent one, and taken out of all codes. */
export const capacityShares = { amber: 0.8, red: 0.9, full: 0.95 } as const
export type CapacityLevel = 'ok' | 'amber' | 'red' | 'full'

export function capacityLevel(customers: number, cap: number): CapacityLevel {
  if (customers >= cap * capacityShares.full) return 'full'
  if (customers >= cap * capacityShares.red) return 'red'
  return customers >= cap * capacityShares.amber ? 'amber' : 'ok'
}

export interface Forecast {
  readonly left: number
  readonly perDay: number
  /** Whole and part days until the cap is reached; null: at this pace never. */
  readonly daysLeft: number | null
}

export function forecast(customers: number, cap: number, perDay: number): Forecast {
  const left = Math.max(0, cap - customers)
  return { left, perDay, daysLeft: perDay > 0 ? left / perDay : left === 0 ? 0 : null }
}

/** The mean of the last whole days: losses free places, so they count against the adds. */
export function pace(days: readonly { readonly adds: number; readonly losses: number }[], span = 7): number {
  const net = days.reduce((sum, day) => sum + day.adds - day.losses, 0)
  return Math.max(0, net / span)
}

/** The corp's own cap comes in steps that are bought one after the other: the next step above what it has. */
export function corpCap(customers: number, base: number, step: number): number {
  if (customers < base) return base
  return base + Math.ceil((customers - base + 1) / step) * step
}

export interface PlannedMember {
  readonly userid: string
  readonly name: string
  readonly customers: number
  readonly cap: number
  /** His present pace without the plan. */
  readonly perDay: number
}

export interface PlanVerdict {
  readonly userid: string
  readonly name: string
  readonly customers: number
  readonly cap: number
  readonly perDay: number
  readonly daysLeft: number
}

/**
 * The members who would reach their cap before the plan ends, the soonest first. The plan's adds are shared evenly, as
 * the platform shares them; a plan without an end is looked at for 30 days.
 */
export function planShortages(
  members: readonly PlannedMember[],
  plan: { readonly perDay: number; readonly days: number | undefined },
): readonly PlanVerdict[] {
  const share = members.length === 0 ? 0 : plan.perDay / members.length
  const span = plan.days ?? 30
  return members
    .flatMap(({ userid, name, customers, cap, perDay }) => {
      const { daysLeft } = forecast(customers, cap, perDay + share)
      if (daysLeft === null || daysLeft >= span) return []
      return [{ userid, name, customers, cap, perDay: perDay + share, daysLeft }]
    })
    .sort((a, b) => a.daysLeft - b.daysLeft)
}
