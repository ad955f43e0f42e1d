/** Business days and wall-clock times in a corp's time zone, for any zone, those with summer time too. */

const minuteMs = 60_000
export const dayMs = 86_400_000
const quarterMs = 15 * minuteMs

const formatters = new Map<string, Intl.DateTimeFormat>()
const offsets = new Map<string, number>()

/** Minutes that the zone's clocks are ahead of UTC at this moment. */
export function zoneOffset(ms: number, zone: string): number {
  const quarter = Math.floor(ms / quarterMs)
  const key = `${zone} ${quarter}`
  const known = offsets.get(key)
  if (known !== undefined) return known
  const offset = readOffset(quarter * quarterMs, zone)
  if (offsets.size > 50_000) offsets.clear()
  offsets.set(key, offset)
  return offset
}

function readOffset(ms: number, zone: string): number {
  let formatter = formatters.get(zone)
  if (formatter === undefined) {
    formatter = new Intl.DateTimeFormat('en-US', { timeZone: zone, timeZoneName: 'longOffset' })
    formatters.set(zone, formatter)
  }
  const name = formatter.formatToParts(ms).find((part) => part.type === 'timeZoneName')?.value ?? ''
  const [, sign, hours = '0', minutes = '0'] = /GMT([+-])(\d\d):(\d\d)/.exec(name) ?? []
  const total = Number(hours) * 60 + Number(minutes)
  return sign === '-' ? -total : total
}

export interface LocalTime {
  /** Days since 1970-01-01 on the wall calendar. */
  readonly dayNumber: number
  /** 0 Monday … 6 Sunday. */
  readonly weekday: number
  /** Minutes since local midnight, 0–1439. */
  readonly minute: number
}

export function localTime(at: Date, zone: string): LocalTime {
  const wall = at.getTime() + zoneOffset(at.getTime(), zone) * minuteMs
  const dayNumber = Math.floor(wall / dayMs)
  return {
    dayNumber,
    weekday: (((dayNumber + 3) % 7) + 7) % 7,
    minute: Math.floor((wall - dayNumber * dayMs) / minuteMs),
  }
}

/** `YYYY-MM-DD` of the wall calendar. */
export function businessDay(at: Date, zone: string): string {
  return dayText(localTime(at, zone).dayNumber)
}

/** `YYYY-MM-DD HH:MM:SS` as the zone's clocks show it: what tables and their readers call a time. */
export function businessMoment(at: Date, zone: string): string {
  return new Date(at.getTime() + zoneOffset(at.getTime(), zone) * minuteMs).toISOString().slice(0, 19).replace('T', ' ')
}

export function dayText(dayNumber: number): string {
  return new Date(dayNumber * dayMs).toISOString().slice(0, 10)
}

/** The moments within a span at which the zone's offset changes. */
export function offsetChanges(fromMs: number, untilMs: number, zone: string): readonly number[] {
  const changes: number[] = []
  const hour = 4 * quarterMs
  let low = Math.floor(fromMs / hour) * hour
  let before = zoneOffset(low, zone)
  for (let high = low + hour; high <= untilMs + hour; low = high, high += hour) {
    const after = zoneOffset(high, zone)
    if (after === before) continue
    let edge = low
    while (zoneOffset(edge, zone) === before) edge += quarterMs
    changes.push(edge)
    before = after
  }
  return changes
}

/** The moment at which the wall clock shows this minute of this day; inside a gap, the moment just after it. */
export function momentOf(dayNumber: number, minute: number, zone: string): Date {
  const wall = dayNumber * dayMs + minute * minuteMs
  const first = wall - zoneOffset(wall - dayMs, zone) * minuteMs
  if (first + zoneOffset(first, zone) * minuteMs === wall) return new Date(first)
  return new Date(wall - zoneOffset(wall + dayMs, zone) * minuteMs)
}

/** The next moment, after this one, at which the wall clock shows this minute of a day: of this day or the one after. */
export function nextTimeOfDay(at: Date, minute: number, zone: string): Date {
  const { dayNumber } = localTime(at, zone)
  const today = momentOf(dayNumber, minute, zone)
  return today > at ? today : momentOf(dayNumber + 1, minute, zone)
}

/** When the business day after this moment begins. */
export function nextMidnight(at: Date, zone: string): Date {
  return nextTimeOfDay(at, 0, zone)
}
