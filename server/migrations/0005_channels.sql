-- Channel live codes, their rota, their codes at the platform, counters, acquisition quota; alarms of all rooms.

create table channel_logos (
  id          uuid primary key,
  corp_id     integer not null,
  sha256      bytea not null,
  mime        text not null,
  picture     bytea not null,
  created_at  timestamptz not null,
  unique (corp_id, sha256)
);

create table channels (
  id              uuid primary key,
  corp_id         integer not null,
  -- qr: one contact way of the platform; link: an acquisition link; landing: our page, which shows one member's code
  kind            text not null check (kind in ('qr', 'link', 'landing')),
  name            text not null,
  group_name      text not null default '',
  -- what the platform gives back in the add event; a member's own code on the landing page adds '.' and a number
  state           text not null check (state ~ '^[A-Za-z0-9_-]{1,24}$'),
  -- the last part of the landing page's address
  code            text not null unique check (code ~ '^[A-Za-z0-9_-]{6,32}$'),
  tag_ids         text[] not null default '{}',
  remark          text not null default '',
  description     text not null default '',
  skip_verify     boolean not null default true,
  -- `is_exclusive` of the platform: customers of one external company, business customers only; cannot be changed
  exclusive       boolean not null default false,
  strategy        text not null check (strategy in ('platform', 'round_robin', 'sequential', 'weighted', 'least_loaded')),
  -- when nobody is on duty and no spare may take: every member who may, or nobody (a landing page says so)
  fallback        text not null default 'members' check (fallback in ('members', 'closed')),
  closed_text     text not null default '',
  daily_limit     integer check (daily_limit > 0),
  -- what the campaign expects, for the capacity forecast
  expected_per_day integer check (expected_per_day >= 0),
  valid_from      timestamptz,
  valid_until     timestamptz,
  store_id        uuid,
  -- where a printed code leads instead of its own store
  routed_store_id uuid,
  status          text not null default 'active' check (status in ('active', 'stopped', 'deleted')),
  logo_id         uuid references channel_logos (id),
  -- the row of a bulk creation it came from, so that a repeated file makes nothing twice
  bulk_key        text,
  revision        integer not null default 1,
  -- something that decides about its staff has changed since they were last computed
  stale           boolean not null default true,
  created_by      text not null,
  created_at      timestamptz not null,
  updated_at      timestamptz not null,
  unique (corp_id, state)
);
create index channels_list on channels (corp_id, created_at desc, id desc) where status <> 'deleted';
create index channels_store on channels (corp_id, store_id) where store_id is not null;
create index channels_stale on channels (corp_id) where stale;
create unique index channels_bulk on channels (corp_id, bulk_key) where bulk_key is not null and status <> 'deleted';

-- Staff of a channel: named members, whole departments, the staff of a store.
create table channel_members (
  channel_id   uuid not null references channels (id) on delete cascade,
  corp_id      integer not null,
  role         text not null check (role in ('member', 'spare')),
  position     integer not null,
  kind         text not null check (kind in ('staff', 'department', 'store')),
  ref          text not null,
  weight       integer not null default 1 check (weight between 1 and 1000),
  daily_limit  integer check (daily_limit > 0),
  primary key (channel_id, role, kind, ref)
);
create index channel_members_ref on channel_members (corp_id, kind, ref);

-- Bands of a week in the corp's zone. `until_minute` ≤ `from_minute` runs past midnight. No band at all: always on duty.
create table channel_shifts (
  channel_id    uuid not null references channels (id) on delete cascade,
  position      integer not null,
  -- bit 0 Monday … bit 6 Sunday
  weekdays      smallint not null check (weekdays between 1 and 127),
  from_minute   smallint not null check (from_minute between 0 and 1439),
  until_minute  smallint not null check (until_minute between 1 and 1440),
  -- `kind:ref` of channel_members; empty: all members
  members       text[] not null default '{}',
  primary key (channel_id, position)
);

-- Holidays and campaigns: within them these members are on duty whatever the week says; none: nobody is.
create table channel_periods (
  channel_id  uuid not null references channels (id) on delete cascade,
  position    integer not null,
  name        text not null,
  from_at     timestamptz not null,
  until_at    timestamptz not null check (until_at > from_at),
  members     text[] not null default '{}',
  primary key (channel_id, position)
);

-- What stands at the platform for a channel: its own contact way or link, or one contact way a member (landing page).
create table channel_codes (
  id               uuid primary key,
  corp_id          integer not null,
  channel_id       uuid not null references channels (id),
  kind             text not null check (kind in ('contact_way', 'link')),
  -- the member of a landing page's code; '' the channel's own
  userid           text not null default '',
  state            text not null,
  config_id        text,
  url              text,
  -- what the QR code holds, decoded from the platform's picture
  content          text,
  picture          bytea,
  desired_users    text[] not null default '{}',
  desired_hash     text not null default '',
  effective_users  text[] not null default '{}',
  effective_hash   text not null default '',
  -- since when the platform has had other users than it should
  pending_since    timestamptz,
  -- raised with every call, part of the effect's key
  revision         integer not null default 0,
  -- the call in flight: its effect's key and what it would have made effective
  calling          jsonb,
  retry_at         timestamptz,
  problem          jsonb,
  created_at       timestamptz not null,
  removed_at       timestamptz,
  unique (channel_id, userid),
  unique (corp_id, state)
);
create unique index channel_codes_config on channel_codes (corp_id, config_id) where config_id is not null;
create index channel_codes_pending on channel_codes (corp_id) where pending_since is not null;

-- Adds and scans of a business day; `userid` '' for what concerns no member (scans).
create table channel_days (
  corp_id     integer not null,
  channel_id  uuid not null,
  day         date not null,
  userid      text not null default '',
  adds        integer not null default 0,
  losses      integer not null default 0,
  scans       integer not null default 0,
  primary key (corp_id, channel_id, day, userid)
);

create table staff_days (
  corp_id  integer not null,
  userid   text not null,
  day      date not null,
  adds     integer not null default 0,
  losses   integer not null default 0,
  primary key (corp_id, userid, day)
);

-- How many customers a member has: moved by events, counted anew from the relations from time to time.
create table staff_loads (
  corp_id     integer not null,
  userid      text not null,
  customers   integer not null,
  counted_at  timestamptz not null,
  primary key (corp_id, userid)
);

-- Whom the landing page showed to whom. Until it is used or expires it counts towards the member's limit.
create table channel_assignments (
  id           bigint generated always as identity primary key,
  corp_id      integer not null,
  channel_id   uuid not null,
  visitor      text not null,
  userid       text not null,
  day          date not null,
  assigned_at  timestamptz not null,
  expires_at   timestamptz not null,
  used_at      timestamptz
);
create index channel_assignments_visitor on channel_assignments (channel_id, visitor, assigned_at desc);
create index channel_assignments_open on channel_assignments (channel_id, expires_at) where used_at is null;

-- Where a printed code leads was changed: who, when, from where to where, why.
create table channel_routes (
  id          bigint generated always as identity primary key,
  corp_id     integer not null,
  channel_id  uuid not null,
  from_store  uuid,
  to_store    uuid,
  reason      text not null,
  by_account  text not null,
  at          timestamptz not null
);
create index channel_routes_channel on channel_routes (channel_id, id desc);

-- Codes at the platform that we do not know, and ours that the platform does not have.
create table channel_orphans (
  id          uuid primary key,
  corp_id     integer not null,
  kind        text not null check (kind in ('unknown_here', 'gone_there')),
  config_id   text not null,
  detail      jsonb not null default '{}',
  found_at    timestamptz not null,
  settled_at  timestamptz,
  settled_as  text check (settled_as in ('adopted', 'deleted', 'rebuilt', 'vanished')),
  unique (corp_id, config_id)
);

-- The bought quota of acquisition links, as last read.
create table acquisition_quotas (
  corp_id  integer primary key,
  total    bigint not null,
  balance  bigint not null,
  -- [{ "expires_at": …, "balance": … }]
  lots     jsonb not null default '[]',
  read_at  timestamptz not null
);

-- What a person should look at, raised by any room; one row a key, raised again when it comes back.
create table alarms (
  id          uuid primary key,
  corp_id     integer not null,
  kind        text not null,
  key         text not null,
  severity    text not null check (severity in ('red', 'amber', 'info')),
  -- { "zh": …, "en": … }
  title       jsonb not null,
  advice      jsonb not null,
  -- what it is about and where the console shows it: { "type": …, "id": …, "path": … }
  subject     jsonb not null default '{}',
  raised_at   timestamptz not null,
  cleared_at  timestamptz,
  unique (corp_id, key)
);
create index alarms_open on alarms (corp_id, raised_at desc) where cleared_at is null;
