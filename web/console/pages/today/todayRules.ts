export interface Change {
  by: number
  direction: 'up' | 'down' | 'same'
}

/** Today against yesterday at the same hour, as a difference: shares of small numbers shout. */
export function changeOf(today: number, before: number): Change {
  const by = Math.abs(today - before)
  return { by, direction: today > before ? 'up' : today < before ? 'down' : 'same' }
}

export interface HourRow {
  hour: number
  adds: number
  losses: number
}

/** Every hour of the day so far, with the quiet ones as zero, so that the course has no holes. */
export function wholeHours(rows: readonly HourRow[], untilHour: number): HourRow[] {
  const found = new Map(rows.map((row) => [row.hour, row]))
  return Array.from({ length: untilHour + 1 }, (_, hour) => found.get(hour) ?? { hour, adds: 0, losses: 0 })
}

/** What the delivery of welcomes is worth: below 99 % somebody should look, below 95 % now. */
export function deliveryTone(delivery: number | null): 'plain' | 'good' | 'warning' | 'bad' {
  if (delivery === null) return 'plain'
  if (delivery >= 0.99) return 'good'
  return delivery >= 0.95 ? 'warning' : 'bad'
}
