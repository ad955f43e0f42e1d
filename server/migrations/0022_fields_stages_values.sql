-- What a brand defines of its customers: fields of its own, the stages they pass through, and what they are worth.

create table custom_fields (
  id           uuid primary key,
  corp_id      integer not null,
  name         text not null,
  kind         text not null check (kind in ('text', 'number', 'date', 'choice', 'choices')),
  -- personal data: masked by role, sealed with the person's key
  personal     boolean not null default false,
  -- [{value, archived}] in their order
  choices      jsonb not null default '[]',
  -- what a value must keep to: {most, decimals, least, greatest}
  bounds       jsonb not null default '{}',
  position     integer not null,
  created_at   timestamptz not null,
  created_by   uuid,
  archived_at  timestamptz
);
create unique index custom_fields_name on custom_fields (corp_id, lower(name)) where archived_at is null;

-- A value stands with the home under which it came; of several homes of a person the latest counts.
create table customer_fields (
  customer_id  bigint not null,
  field_id     uuid not null,
  corp_id      integer not null,
  -- null beside no seal: taken away, which is later than what another home says
  value        jsonb,
  sealed       bytea,
  source       text not null,
  updated_at   timestamptz not null,
  updated_by   uuid,
  primary key (customer_id, field_id)
);

-- Every change of the stages is a version; what people went through keeps the one it came by.
create table life_cycles (
  corp_id      integer not null,
  version      integer not null,
  -- [{id, name, entry, exit}] from the first to the last
  stages       jsonb not null,
  note         text not null default '',
  created_at   timestamptz not null,
  created_by   uuid,
  -- when everybody was computed by it for the first time and the latest time
  started_at   timestamptz,
  computed_at  timestamptz,
  primary key (corp_id, version)
);

create table stage_stays (
  customer_id  bigint not null,
  id           bigint generated always as identity,
  corp_id      integer not null,
  stage        text not null,
  version      integer not null,
  cause        text not null check (cause in ('start', 'fact', 'time', 'version')),
  entered_at   timestamptz not null,
  left_at      timestamptz,
  -- where to; null beside left_at: to no stage
  next_stage   text,
  primary key (customer_id, id)
);
create unique index stage_stays_open on stage_stays (customer_id) where left_at is null;
create index stage_stays_entered on stage_stays (corp_id, entered_at);
create index stage_stays_left on stage_stays (corp_id, left_at) where left_at is not null;

-- RFM as of a moment. The bounds are those of the fifths of that day's buyers.
create table rfm_snapshots (
  corp_id  integer not null,
  id       bigint generated always as identity,
  day      integer not null,
  at       timestamptz not null,
  buyers   integer not null,
  bounds   jsonb not null,
  took_ms  integer not null,
  primary key (corp_id, id)
);

create table value_tiers (
  corp_id     integer primary key,
  tiers       jsonb not null,
  updated_at  timestamptz not null,
  updated_by  uuid
);

-- One row a buyer, by his dense number.
create table rfm_people (
  corp_id     integer not null,
  chunk       integer not null,
  person_no   integer not null,
  last_day    integer not null,
  orders      integer not null,
  net         bigint not null,
  r           smallint not null,
  f           smallint not null,
  m           smallint not null,
  tier        text,
  tier_since  timestamptz not null,
  primary key (corp_id, person_no, chunk)
);
create index rfm_people_cell on rfm_people (corp_id, r, f, m);
