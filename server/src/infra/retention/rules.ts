/** How a table's rows leave it. */
export interface RetentionRule {
  /** The time a row's age is counted from. */
  readonly column: string
  /** Kept for so many days; undefined: for good, but for erasure. */
  readonly days?: number
  /** Partitioned by time: one partition a calendar month or day (UTC); whole partitions are dropped. */
  readonly partitions?: 'month' | 'day'
  /** Rows that must stay whatever their age, as a condition of SQL. */
  readonly unless?: string
}

/**
 * What is kept how long. Days, because they are what a person agrees to; a partition goes when its last row is past its
 * days. Dedupe keys must outlive every repeat of a callback, and callbacks what a person may still want to replay.
 */
export const retention = {
  callbacks: { column: 'received_at', days: 30, partitions: 'day' },
  dedupe_keys: { column: 'seen_at', days: 40 },
  callback_retries: { column: 'received_at', days: 30 },
  traces: { column: 'decided_at', days: 180, partitions: 'month' },
  effects: { column: 'claimed_at', days: 180, unless: `state in ('claimed', 'unknown')` },
  welcome_sends: { column: 'added_at', days: 180, partitions: 'month' },
  events: { column: 'occurred_at', partitions: 'month' },
} as const satisfies Readonly<Record<string, RetentionRule>>
