/** How the rows of a table of volume leave it. */
export interface RetentionRule {
  readonly table: string
  /** The time that a row's age is counted from. */
  readonly column: string
  /** Kept so many days; undefined: for good, but for erasure. */
  readonly days?: number
  /** Partitioned by time: one partition a day or month (UTC), dropped whole when its last moment is past. */
  readonly partitions?: Period
  /** The key by which rows of a table without partitions are deleted in batches. */
  readonly key?: string
  /** States that stay whatever their age. */
  readonly keepState?: string
}

export type Period = 'day' | 'month'

/**
 * What is kept how long. Dedupe keys must outlive every repeat of a callback, and callbacks what a person may still want
 * to replay; a claimed effect has no outcome yet, so its age says nothing.
 */
export const retention: readonly RetentionRule[] = [
  { table: 'app_message_sends', column: 'made_at', days: 180, key: 'id', keepState: 'making' },
  { table: 'app_messages', column: 'created_at', days: 180, key: 'id' },
  { table: 'callback_retries', column: 'received_at', days: 30, key: 'callback_id' },
  { table: 'callbacks', column: 'received_at', days: 30, partitions: 'day' },
  // whom a landing page showed to whom: only the last two days decide anything
  { table: 'channel_assignments', column: 'assigned_at', days: 30, key: 'id' },
  { table: 'dedupe_keys', column: 'seen_at', days: 40, key: 'key' },
  { table: 'effects', column: 'claimed_at', days: 180, key: 'key', keepState: 'claimed' },
  { table: 'traces', column: 'decided_at', days: 180, partitions: 'month' },
  { table: 'weixin_callbacks', column: 'received_at', days: 30, key: 'id' },
  { table: 'welcome_sends', column: 'added_at', days: 180, partitions: 'month' },
  // longer than any window of a year asks for
  { table: 'behaviours', column: 'at', days: 400, partitions: 'month' },
  // a year's campaigns side by side with the year before
  { table: 'touches', column: 'at', days: 760, partitions: 'month' },
  { table: 'group_touches', column: 'at', days: 760, key: 'effect' },
  { table: 'own_sends', column: 'made_at', days: 760, key: 'msgid' },
  // who was away when a send was planned, as long as the send is known
  { table: 'staff_leaves', column: 'until_at', days: 760, key: 'id' },
  // as long as who got a campaign is known person by person
  { table: 'campaign_groups', column: 'planned_for', days: 400, key: 'chat_id' },
  // as long as the touches that they answer
  { table: 'link_opens', column: 'at', days: 760, partitions: 'month' },
  { table: 'events', column: 'occurred_at', partitions: 'month' },
  { table: 'orders', column: 'ordered_at', partitions: 'month' },
]

/** A table with a partition a row of another: `<table>_<key of the row>`. It is dropped whole when its owner is older. */
export interface OwnedRule {
  readonly table: string
  readonly owner: { readonly table: string; readonly key: string; readonly column: string }
  /** Only of owners of which this is so. */
  readonly flag: { readonly column: string; readonly is: boolean }
  readonly days: number
}

const run = { table: 'campaign_runs', key: 'id', column: 'planned_for' }

/** Who got a campaign and why others did not is known person by person for as long as this; its figures stay for good. */
export const owned: readonly OwnedRule[] = [
  { table: 'campaign_recipients', owner: run, flag: { column: 'rehearsal', is: false }, days: 400 },
  { table: 'campaign_recipients', owner: run, flag: { column: 'rehearsal', is: true }, days: 30 },
]

/** How many partitions stand ready beyond the current one. */
export const periodsAhead: Readonly<Record<Period, number>> = { day: 7, month: 1 }

/** Rows that leave in one transaction. */
export const deleteBatch = 5_000

export function daysKept(table: string): number | undefined {
  return retention.find((rule) => rule.table === table)?.days
}
