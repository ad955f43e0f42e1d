-- Saved audiences: what they are, who was in them at each computation, and whose answer may have turned since.
-- Membership itself is a mark as any other: `audience:<id>` in `audience_bits`.

create table audiences (
  id               uuid primary key,
  corp_id          integer not null,
  name             text not null,
  description      text not null default '',
  -- static: as it was when it was computed; refreshed: on schedule; live: as facts come
  kind             text not null check (kind in ('static', 'refreshed', 'live')),
  version          integer not null,
  rule             jsonb not null,
  -- of those that refresh: how often, and at which minute of the business day one of them is
  every_hours      integer not null default 24,
  at_minute        integer not null default 180,
  -- how far a size may move between two computations; null: as the corp has it
  drift_percent    integer,
  owner_id         uuid,
  size             bigint,
  computed_at      timestamptz,
  -- of whom: all persons at that moment
  of_persons       bigint,
  created_at       timestamptz not null,
  updated_at       timestamptz not null,
  archived_at      timestamptz
);
create unique index audiences_name on audiences (corp_id, lower(name)) where archived_at is null;
create index audiences_live on audiences (corp_id) where kind = 'live' and archived_at is null;

create table audience_versions (
  audience_id  uuid not null,
  version      integer not null,
  corp_id      integer not null,
  rule         jsonb not null,
  note         text not null default '',
  created_at   timestamptz not null,
  created_by   uuid,
  primary key (audience_id, version)
);

create table audience_runs (
  audience_id  uuid not null,
  id           bigint generated always as identity,
  corp_id      integer not null,
  version      integer not null,
  cause        text not null check (cause in ('start', 'schedule', 'rule', 'time', 'person', 'check')),
  at           timestamptz not null,
  size         bigint not null default 0,
  joined       bigint not null default 0,
  gone         bigint not null default 0,
  took_ms      integer not null default 0,
  primary key (audience_id, id)
);

-- Who was in it, of the latest computations: two of them are compared bit by bit.
create table audience_run_bits (
  corp_id      integer not null,
  audience_id  uuid not null,
  run_id       bigint not null,
  chunk        integer not null,
  bits         bit varying not null,
  primary key (audience_id, run_id, chunk)
);

-- Persons of whom something changed that can turn their answer to a live audience; written with the change itself.
create table audience_touched (
  id         bigint generated always as identity,
  corp_id    integer not null,
  chunk      integer not null,
  person_no  integer not null,
  audiences  uuid[] not null,
  primary key (chunk, id)
);

create table audience_settings (
  corp_id        integer primary key,
  -- more persons than these only leave with the permission for it
  export_most    integer not null default 10000,
  drift_percent  integer not null default 30,
  -- everything that flows in was compared with its source then
  reconciled_at  timestamptz
);
