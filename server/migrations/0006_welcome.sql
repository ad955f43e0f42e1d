-- Welcomes, the media they use, and tasks for staff.

-- A welcome stands at one level for one target: a channel, a member, a store, or the corp's default.
create table welcomes (
  id              uuid primary key,
  corp_id         integer not null,
  level           text not null check (level in ('channel', 'person', 'store', 'default')),
  -- channel id, userid or store id; empty for the default
  target          text not null default '',
  name            text not null,
  active_version  uuid,
  enabled         boolean not null default true,
  created_at      timestamptz not null,
  unique (corp_id, level, target)
);

-- A version is never edited; going back is making an older one active.
create table welcome_versions (
  id          uuid primary key,
  welcome_id  uuid not null references welcomes (id) on delete cascade,
  number      integer not null,
  -- time bands with their contents, in order; the first that fits wins, the last one has no band
  bands       jsonb not null,
  note        text,
  created_by  text not null,
  created_at  timestamptz not null,
  unique (welcome_id, number)
);

-- A picture, video or file of ours, and where the platform holds it.
create table media_assets (
  id            uuid primary key,
  corp_id       integer not null,
  kind          text not null check (kind in ('image', 'video', 'file')),
  file_name     text not null,
  mime          text not null,
  bytes         bytea not null,
  sha256        bytea not null,
  -- permanent address (uploadimg), usable for pictures in welcomes
  platform_url  text,
  media_id      text,
  media_until   timestamptz,
  upload_error  text,
  created_at    timestamptz not null,
  unique (corp_id, sha256, kind)
);

-- Every welcome that was decided: one row an add, with its stages; the console's list of missed ones reads it.
create table welcome_sends (
  effect_key       text not null,
  corp_id          integer not null,
  customer_id      bigint not null,
  userid           text not null,
  external_userid  text not null,
  channel_id       uuid,
  welcome_id       uuid,
  version_id       uuid,
  -- sent, refused (another was first), late, unknown, no_code, none (no welcome is set for this add)
  outcome          text not null,
  errcode          integer,
  reason           text,
  added_at         timestamptz not null,
  received_at      timestamptz not null,
  settled_at       timestamptz,
  -- milliseconds from receipt: stored, decided, claimed, answered
  stages           jsonb not null default '{}',
  trace            jsonb not null,
  primary key (effect_key, added_at)
) partition by range (added_at);
create index welcome_sends_recent on welcome_sends (corp_id, added_at desc, effect_key);
create index welcome_sends_customer on welcome_sends (customer_id);
create table welcome_sends_default partition of welcome_sends default;

-- What a member should do by hand.
create table staff_tasks (
  id           bigint generated always as identity primary key,
  corp_id      integer not null,
  userid       text not null,
  kind         text not null,
  key          text not null,
  customer_id  bigint,
  detail       jsonb not null default '{}',
  created_at   timestamptz not null,
  done_at      timestamptz,
  unique (corp_id, kind, key)
);
create index staff_tasks_open on staff_tasks (corp_id, userid, created_at desc) where done_at is null;
