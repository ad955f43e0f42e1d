import { dayMs, localTime, offsetChanges, zoneOffset } from '../../../infra/zone.ts'

/** Who is on duty: bands of a week and special periods. Members are named by their key `kind:ref`. */
export interface Shift {
  /** Bit 0 Monday … bit 6 Sunday: the day on which the band begins. */
  readonly weekdays: number
  readonly fromMinute: number
  /** Not after `fromMinute`: the band runs past midnight. 1440: until midnight. */
  readonly untilMinute: number
  /** Empty: all members. */
  readonly members: readonly string[]
}

export interface Period {
  readonly name: string
  readonly from: Date
  readonly until: Date
  /** Empty: nobody. */
  readonly members: readonly string[]
}

export interface Rota {
  readonly shifts: readonly Shift[]
  readonly periods: readonly Period[]
}

export interface Duty {
  readonly members: ReadonlySet<string>
  /** Why these: no rota at all, a special period, the bands of the week. */
  readonly because: { readonly kind: 'always' | 'shifts' } | { readonly kind: 'period'; readonly name: string }
}

/** Who of `members` is on duty at this moment. A special period wins over the week; of two, the first named. */
export function onDuty(rota: Rota, members: readonly string[], at: Date, zone: string): Duty {
  const period = rota.periods.find((p) => p.from <= at && at < p.until)
  if (period !== undefined) {
    const named = new Set(period.members)
    return { members: new Set(members.filter((m) => named.has(m))), because: { kind: 'period', name: period.name } }
  }
  if (rota.shifts.length === 0) return { members: new Set(members), because: { kind: 'always' } }
  const { weekday, minute } = localTime(at, zone)
  const running = rota.shifts.filter((shift) => runs(shift, weekday, minute))
  if (running.some((shift) => shift.members.length === 0)) {
    return { members: new Set(members), because: { kind: 'shifts' } }
  }
  const named = new Set(running.flatMap((shift) => shift.members))
  return { members: new Set(members.filter((m) => named.has(m))), because: { kind: 'shifts' } }
}

function runs(shift: Shift, weekday: number, minute: number): boolean {
  const begins = (day: number) => (shift.weekdays & (1 << day)) !== 0
  if (shift.fromMinute < shift.untilMinute) {
    return begins(weekday) && shift.fromMinute <= minute && minute < shift.untilMinute
  }
  return (begins(weekday) && minute >= shift.fromMinute) || (begins((weekday + 6) % 7) && minute < shift.untilMinute)
}

const lookAheadDays = 8

/**
 * When to look again: who is on duty does not change between `after` and the answer. Undefined: it never changes.
 * Looks one week ahead; where nothing changes within it, the answer is the end of that look.
 */
export function nextDutyChange(rota: Rota, members: readonly string[], after: Date, zone: string): Date | undefined {
  if (rota.shifts.length === 0 && !rota.periods.some((p) => p.until > after)) return undefined
  const horizon = after.getTime() + lookAheadDays * dayMs
  const now = fingerprint(onDuty(rota, members, after, zone))
  for (const moment of moments(rota, after, horizon, zone)) {
    if (fingerprint(onDuty(rota, members, new Date(moment), zone)) !== now) return new Date(moment)
  }
  return new Date(horizon)
}

function fingerprint(duty: Duty): string {
  return [...duty.members].sort().join('\n')
}

/** Every moment within the horizon at which a band or a period may begin or end, in order. */
function moments(rota: Rota, after: Date, horizon: number, zone: string): readonly number[] {
  const start = after.getTime()
  const found = new Set<number>()
  for (const period of rota.periods) {
    found.add(period.from.getTime()).add(period.until.getTime())
  }
  if (rota.shifts.length > 0) {
    const changes = offsetChanges(start, horizon, zone)
    const offsets = new Set([start, ...changes].map((ms) => zoneOffset(ms, zone)))
    const today = localTime(after, zone).dayNumber
    const minutes = new Set(rota.shifts.flatMap((shift) => [shift.fromMinute, shift.untilMinute, 0]))
    for (const change of changes) found.add(change)
    for (let day = today; day <= today + lookAheadDays + 1; day++) {
      for (const minute of minutes) {
        // around a change of the clocks a wall time may come twice: both are looked at
        for (const offset of offsets) found.add(day * dayMs + (minute - offset) * 60_000)
      }
    }
  }
  return [...found].filter((ms) => ms > start && ms < horizon).sort((a, b) => a - b)
}
