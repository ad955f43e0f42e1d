/** How the rows of a table that tell of a person lose what tells of them. */
export type ErasureWay =
  /** The row stays for the counts; its ids become a keyed fingerprint, what was said or noted is gone. */
  | 'emptied'
  /** The row is of no use without the person. */
  | 'removed'
  /** Nothing in it tells of a customer. */
  | 'none'

/**
 * Every table, so that a new one must say what becomes of a person's traces in it. Records of what our staff did
 * (`audit_entries`) name a customer by our own number alone, which leads nowhere once he is erased.
 */
export const erasureWays: Readonly<Record<string, ErasureWay>> = {
  callback_retries: 'removed',
  callbacks: 'emptied',
  customer_cards: 'removed',
  customer_todos: 'removed',
  customers: 'emptied',
  effects: 'emptied',
  events: 'emptied',
  group_members: 'emptied',
  identities: 'emptied',
  identity_blocks: 'removed',
  identity_conflicts: 'removed',
  identity_hints: 'removed',
  identity_links: 'removed',
  identity_proposals: 'removed',
  person_merges: 'emptied',
  person_todos: 'removed',
  relations: 'emptied',
  staff_tasks: 'removed',
  sync_differences: 'emptied',
  traces: 'removed',
  welcome_sends: 'emptied',
  access_tokens: 'none',
  accounts: 'none',
  acquisition_quotas: 'none',
  alarms: 'none',
  apps: 'none',
  audit_entries: 'none',
  audit_heads: 'none',
  budget_minutes: 'none',
  budgets: 'none',
  call_failures: 'none',
  callback_witnesses: 'none',
  channel_assignments: 'none',
  channel_codes: 'none',
  channel_days: 'none',
  channel_logos: 'none',
  channel_members: 'none',
  channel_orphans: 'none',
  channel_periods: 'none',
  channel_routes: 'none',
  channel_shifts: 'none',
  channels: 'none',
  corp_tags: 'none',
  corps: 'none',
  customer_syncs: 'none',
  dedupe_keys: 'none',
  departments: 'none',
  doctor_runs: 'none',
  due: 'none',
  erased_ids: 'none',
  event_cursors: 'none',
  group_sync_points: 'none',
  group_syncs: 'none',
  groups: 'none',
  guide_steps: 'none',
  identity_kinds: 'none',
  inbox_batches: 'none',
  login_locks: 'none',
  media_assets: 'none',
  operations: 'none',
  ownership_files: 'none',
  processes: 'none',
  saved_views: 'none',
  sessions: 'none',
  staff: 'none',
  staff_days: 'none',
  staff_loads: 'none',
  stores: 'none',
  sync_points: 'none',
  welcome_versions: 'none',
  welcomes: 'none',
}

/** What may stay of an event: which of our own things it was about and how it went, never who or what was said. */
export const keptOfEvents: readonly string[] = [
  'channelId',
  'welcomeId',
  'versionId',
  'outcome',
  'errcode',
  'endedBy',
  'by',
  'found',
  'welcome',
  'chatId',
  'scene',
]

/** What stands in the place of an id: the same for the same id, and nobody without the key finds the id by it. */
export function pseudonymOf(fingerprint: Uint8Array): string {
  return `erased-${Buffer.from(fingerprint).toString('hex')}`
}
