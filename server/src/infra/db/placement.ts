/**
 * Where each table lives when the database is distributed (ARCHITECTURE section 4).
 * - `customer`: on `customer_id`; a customer's rows stand together.
 * - `key`: on the value of an identity or dedupe key.
 * - `reference`: small, read everywhere.
 * - `local`: configuration and work queues, on the coordinator.
 */
export type Placement =
  | { readonly kind: 'customer'; readonly column: string }
  | { readonly kind: 'key'; readonly column: string }
  | { readonly kind: 'reference' }
  | { readonly kind: 'local' }

export const placements: Readonly<Record<string, Placement>> = {
  access_tokens: { kind: 'local' },
  accounts: { kind: 'local' },
  acquisition_quotas: { kind: 'local' },
  alarms: { kind: 'local' },
  apps: { kind: 'reference' },
  audit_entries: { kind: 'local' },
  audit_heads: { kind: 'local' },
  budget_minutes: { kind: 'local' },
  budgets: { kind: 'local' },
  call_failures: { kind: 'local' },
  callback_retries: { kind: 'local' },
  callback_witnesses: { kind: 'local' },
  callbacks: { kind: 'local' },
  channel_assignments: { kind: 'local' },
  channel_codes: { kind: 'reference' },
  channel_days: { kind: 'local' },
  channel_logos: { kind: 'reference' },
  channel_members: { kind: 'reference' },
  channel_orphans: { kind: 'local' },
  channel_periods: { kind: 'reference' },
  channel_routes: { kind: 'local' },
  channel_shifts: { kind: 'reference' },
  channels: { kind: 'reference' },
  corp_tags: { kind: 'reference' },
  corps: { kind: 'reference' },
  customer_cards: { kind: 'customer', column: 'customer_id' },
  customer_syncs: { kind: 'local' },
  customer_todos: { kind: 'local' },
  customers: { kind: 'customer', column: 'id' },
  dedupe_keys: { kind: 'key', column: 'key' },
  departments: { kind: 'reference' },
  doctor_runs: { kind: 'local' },
  due: { kind: 'local' },
  effects: { kind: 'key', column: 'key' },
  erased_ids: { kind: 'key', column: 'pseudonym' },
  event_cursors: { kind: 'local' },
  events: { kind: 'customer', column: 'customer_id' },
  group_members: { kind: 'key', column: 'chat_id' },
  group_sync_points: { kind: 'local' },
  group_syncs: { kind: 'local' },
  groups: { kind: 'key', column: 'chat_id' },
  guide_steps: { kind: 'local' },
  identities: { kind: 'key', column: 'value' },
  inbox_batches: { kind: 'local' },
  login_locks: { kind: 'local' },
  operations: { kind: 'local' },
  ownership_files: { kind: 'local' },
  processes: { kind: 'local' },
  relations: { kind: 'customer', column: 'customer_id' },
  saved_views: { kind: 'local' },
  sessions: { kind: 'local' },
  staff: { kind: 'reference' },
  staff_days: { kind: 'local' },
  staff_loads: { kind: 'local' },
  stores: { kind: 'reference' },
  sync_differences: { kind: 'local' },
  sync_points: { kind: 'local' },
  traces: { kind: 'local' },
  media_assets: { kind: 'local' },
  staff_tasks: { kind: 'local' },
  welcome_sends: { kind: 'key', column: 'effect_key' },
  welcome_versions: { kind: 'reference' },
  welcomes: { kind: 'reference' },
}
