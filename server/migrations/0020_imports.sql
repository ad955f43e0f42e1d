-- Tables that people bring and take away, and connectors to other systems. Touches no table that is there.

-- A file that is brought in: uploaded, looked into, mapped, tried, run. The file stands below DATA_DIR/imports/<id>.
create table imports (
  id            uuid primary key,
  corp_id       integer not null,
  kind          text not null check (kind in ('customers', 'orders', 'members', 'tags', 'stores')),
  file_name     text not null,
  size          bigint not null,
  received      bigint not null default 0,
  -- {format, encoding, separator, headers, samples}; null: not looked into yet
  look          jsonb,
  -- one entry a column: the field that it fills, or null
  mapping       jsonb,
  state         text not null check (state in ('uploading', 'ready', 'checking', 'checked', 'running', 'done', 'failed', 'cancelled')),
  operation_id  uuid,
  -- of the latest try or run: data rows that are behind it, and what became of them; written with the rows
  position      integer not null default 0,
  counts        jsonb not null default '{}',
  problem       jsonb,
  created_at    timestamptz not null,
  created_by    uuid,
  finished_at   timestamptz,
  file_gone_at  timestamptz
);
create index imports_recent on imports (corp_id, created_at desc, id desc);

-- Rows that were left out, by their place in the file; what they say stays in the file.
create table import_faults (
  import_id  uuid not null,
  line       integer not null,
  field      text not null,
  reason     jsonb not null,
  primary key (import_id, line)
);

-- What imports told of a person beside his identities, by the home that the row named.
create table imported_customers (
  customer_id   bigint primary key,
  corp_id       integer not null,
  -- keyed, of the row that was taken last: the same row again changes nothing
  digest        bytea not null,
  name_sealed   bytea,
  phone_sealed  bytea,
  import_id     uuid not null,
  updated_at    timestamptz not null
);

create table exports (
  id            uuid primary key,
  corp_id       integer not null,
  kind          text not null check (kind in ('customers')),
  format        text not null check (format in ('csv', 'xlsx')),
  filters       jsonb not null default '{}',
  -- who asks, as he was: his role masks, his scope bounds
  asker         jsonb not null,
  reason        text not null default '',
  expected      integer not null,
  state         text not null check (state in ('awaiting', 'running', 'done', 'failed', 'refused', 'cancelled')),
  operation_id  uuid,
  rows          integer,
  size          bigint,
  requested_by  uuid not null,
  decided_by    uuid,
  created_at    timestamptz not null,
  finished_at   timestamptz,
  file_gone_at  timestamptz
);
create index exports_recent on exports (corp_id, created_at desc, id desc);

-- A connector pulls from another system, is told by it, or watches a folder.
create table connectors (
  id             uuid primary key,
  corp_id        integer not null,
  kind           text not null,
  name           text not null,
  config         jsonb not null,
  secret_sealed  bytea,
  enabled        boolean not null default true,
  cursor         text,
  -- replay: what is older is left out until it is passed
  replay_from    timestamptz,
  next_at        timestamptz not null,
  -- machine time
  last_try_at    timestamptz,
  last_ok_at     timestamptz,
  failure        jsonb,
  failures       integer not null default 0,
  -- when the latest fact happened over there, and how far behind it was when we learnt of it
  latest_fact_at timestamptz,
  lag_ms         bigint,
  accepted       bigint not null default 0,
  unchanged      bigint not null default 0,
  rejected       bigint not null default 0,
  created_at     timestamptz not null,
  created_by     uuid
);
create index connectors_corp on connectors (corp_id, created_at desc, id desc);
create index connectors_next on connectors (next_at) where enabled;

-- Facts that a connector brought and that could not be taken. No personal data: the field, the number there, the reason.
create table connector_faults (
  id            bigint generated always as identity primary key,
  connector_id  uuid not null,
  corp_id       integer not null,
  at            timestamptz not null,
  number        text not null,
  field         text not null,
  reason        jsonb not null
);
create index connector_faults_recent on connector_faults (connector_id, id desc);
