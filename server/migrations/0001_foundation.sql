-- Foundation: corps and apps, the inbox, domain events, effects, traces, operations.
-- Placement of every table is declared in server/src/infra/db/placement.ts.

-- A corp has a small integer: every row of volume carries it.
create table corps (
  id            integer generated always as identity primary key,
  corpid        text not null unique check (corpid ~ '^[A-Za-z0-9_-]{1,64}$'),
  name          text not null,
  time_zone     text not null default 'Asia/Shanghai',
  limits        jsonb not null default '{}',
  settings      jsonb not null default '{}',
  created_at    timestamptz not null
);

-- An app of a corp: its own secret, its own callback address, token and key.
create table apps (
  id                 uuid primary key,
  corp_id            integer not null references corps (id),
  app_key            text not null check (app_key ~ '^[a-z0-9-]{1,32}$'),
  kind               text not null check (kind in ('app', 'contacts-sync', 'archive', 'kf')),
  name               text not null,
  agent_id           integer,
  secret_sealed      bytea,
  token_sealed       bytea,
  aes_key_sealed     bytea,
  -- why this secret is not used until a person changes it (40001)
  circuit_reason     text,
  created_at         timestamptz not null,
  unique (corp_id, app_key)
);

create table access_tokens (
  app_id         uuid primary key references apps (id) on delete cascade,
  token_sealed   bytea not null,
  expires_at     timestamptz not null
);

-- ---------------------------------------------------------------- inbox
-- Dedupe keys of callbacks and of domain events (first 16 bytes of SHA-256); removed after their retention.
create table dedupe_keys (
  key      bytea primary key,
  seen_at  timestamptz not null
);
create index dedupe_keys_seen on dedupe_keys using brin (seen_at);

-- A running server process. It holds the advisory lock (1, id) for as long as it lives.
create table processes (
  id           integer generated always as identity primary key,
  roles        text not null,
  started_at   timestamptz not null,
  machine_pid  integer not null
);

-- One group commit of callbacks. The row stands until every callback of it is settled:
-- one write a batch, not one a callback, says what is still to do.
create table inbox_batches (
  id           bigint generated always as identity primary key,
  process_id   integer not null,
  received_at  timestamptz not null,
  size         integer not null,
  -- its callbacks have ids between these, so that finding them needs no index of its own
  first_id     bigint not null,
  last_id      bigint not null
);

create table callbacks (
  id           bigint generated always as identity,
  batch_id     bigint not null,
  corp_id      integer not null,
  app_id       uuid not null,
  received_at  timestamptz not null,
  created_at   timestamptz not null,
  kind         text not null,
  -- whom it is about: external_userid, or userid, chat or tag id
  subject      text,
  staff_userid text,
  body         text,
  primary key (id, received_at)
) partition by range (received_at);
create index callbacks_subject on callbacks (corp_id, subject) where subject is not null;
create table callbacks_default partition of callbacks default;

-- Callbacks whose handling failed: tried again with back-off, then dead until a person replays them.
create table callback_retries (
  callback_id  bigint primary key,
  corp_id      integer not null,
  received_at  timestamptz not null,
  attempts     integer not null,
  next_at      timestamptz,
  dead_at      timestamptz,
  reason       text not null
);
create index callback_retries_due on callback_retries (next_at) where dead_at is null;

-- ---------------------------------------------------------------- domain events
create table events (
  id            bigint generated always as identity,
  customer_id   bigint not null,
  corp_id       integer not null,
  kind          text not null,
  staff_userid  text,
  occurred_at   timestamptz not null,
  learnt_at     timestamptz not null,
  -- what caused it: callback:<id>, sync:<operation>, person:<account>, event:<id>
  cause         text not null,
  payload       jsonb not null default '{}',
  -- readers that follow the log stop below the oldest transaction still open, so that none is skipped
  txid          xid8 not null default pg_current_xact_id(),
  primary key (customer_id, occurred_at, id)
) partition by range (occurred_at);
create index events_follow on events (txid, id);
create index events_kind on events (corp_id, kind, occurred_at desc);
create table events_default partition of events default;

create table event_cursors (
  subscriber  text primary key,
  txid        xid8 not null,
  id          bigint not null
);

-- ---------------------------------------------------------------- effects
create table effects (
  key         text primary key,
  corp_id     integer not null,
  kind        text not null,
  state       text not null check (state in ('claimed', 'done', 'refused', 'late', 'unknown')),
  process_id  integer,
  subject     text,
  claimed_at  timestamptz not null,
  settled_at  timestamptz,
  errcode     integer,
  detail      jsonb
);
create index effects_open on effects (kind, claimed_at) where state in ('claimed', 'unknown');
create index effects_subject on effects (corp_id, subject) where subject is not null;

-- ---------------------------------------------------------------- traces
create table traces (
  id           bigint generated always as identity,
  corp_id      integer not null,
  kind         text not null,
  subject      text not null,
  decided_at   timestamptz not null,
  body         jsonb not null,
  primary key (id, decided_at)
) partition by range (decided_at);
create index traces_subject on traces (corp_id, subject, kind);
create table traces_default partition of traces default;

-- ---------------------------------------------------------------- operations and the due table
-- A long operation that a person started: progress, cancel, result.
create table operations (
  id            uuid primary key,
  corp_id       integer not null,
  kind          text not null,
  state         text not null check (state in ('waiting', 'running', 'done', 'failed', 'cancelled')),
  input         jsonb not null default '{}',
  checkpoint    jsonb,
  done          bigint not null default 0,
  total         bigint,
  cancel_asked  boolean not null default false,
  result        jsonb,
  error         text,
  started_by    text not null,
  process_id    integer,
  created_at    timestamptz not null,
  started_at    timestamptz,
  finished_at   timestamptz
);
create index operations_recent on operations (corp_id, created_at desc);

-- Business-time schedules, read by the injected clock.
create table due (
  id        bigint generated always as identity primary key,
  corp_id   integer not null,
  at        timestamptz not null,
  kind      text not null,
  key       text not null,
  payload   jsonb not null default '{}',
  unique (kind, key)
);
create index due_at on due (at);

-- ---------------------------------------------------------------- budget
-- One row per corp (0: a source IP) and API. `pace_at`: the moment at which the next call is free (GCRA, machine time).
create table budgets (
  corp_id        integer not null,
  source         text not null default '',
  api            text not null,
  pace_at        timestamptz not null,
  blocked_until  timestamptz,
  primary key (corp_id, source, api)
);
create table budget_minutes (
  corp_id  integer not null,
  source   text not null default '',
  api      text not null,
  minute   timestamptz not null,
  used     integer not null,
  primary key (corp_id, source, api, minute)
);
