-- Customer groups, who is and was in them, and how far a sync has read them.

-- A group as the platform last showed it, and what is still to be read of it.
create table groups (
  chat_id         text not null,
  corp_id         integer not null,
  name            text not null default '',
  owner           text not null default '',
  notice          text,
  admins          text[] not null default '{}',
  -- the platform's own: 0 normal, 1 its owner left, 2 being handed over, 3 handed over
  status          smallint not null default 0,
  created_at      timestamptz,
  -- a dismissed group never comes back
  dismissed_at    timestamptz,
  -- the platform's mark of the list of members
  member_version  text,
  -- how many are in it now, members of the corp and customers together, and customers alone
  members         integer not null default 0,
  customers       integer not null default 0,
  -- the last reading that came; an older one never overwrites a newer one
  read_at         timestamptz,
  -- the last reading that was tried, and why it was refused
  tried_at        timestamptz,
  reason          text,
  -- the sync that met it in the platform's list began then
  listed_at       timestamptz,
  -- the last callback about it; what the platform shows lags behind it, and shows this version until then
  changed_at      timestamptz,
  stale_version   text,
  -- when it is to be read, in business time, however many callbacks want it
  wanted_at       timestamptz,
  -- raised by every callback, so that one that comes while the group is read is not lost
  revision        integer not null default 0,
  attempts        integer not null default 0,
  primary key (chat_id, corp_id)
);
create index groups_recent on groups (corp_id, created_at desc, chat_id desc);
create index groups_owner on groups (corp_id, owner, created_at desc, chat_id desc);
create index groups_wanted on groups (corp_id, wanted_at) where wanted_at is not null;
create index groups_listed on groups (corp_id, listed_at, chat_id);

-- One row a person and group. Every time is the latest fact of its kind (a register that only moves forward), so callbacks
-- and readings converge in whatever order they arrive; who left stays as history.
create table group_members (
  chat_id          text not null,
  corp_id          integer not null,
  kind             text not null check (kind in ('staff', 'external')),
  -- userid or external_userid
  member_id        text not null,
  customer_id      bigint,
  name             text,
  nickname         text,
  joined_at        timestamptz,
  first_joined_at  timestamptz,
  -- 1 invited, 2 by a link of an invitation, 3 by a QR code
  scene            smallint,
  invitor          text,
  -- `state` of the join way
  state            text,
  left_at          timestamptz,
  left_by          text check (left_by in ('self', 'removed')),
  -- a reading did not show him any more, and nobody had told of it
  absent_at        timestamptz,
  present          boolean not null generated always as (
    joined_at is not null and (left_at is null or left_at < joined_at) and (absent_at is null or absent_at < joined_at)) stored,
  primary key (chat_id, corp_id, kind, member_id)
);
create index group_members_customer on group_members (customer_id) where customer_id is not null;

create table group_syncs (
  corp_id          integer primary key,
  -- joins after this moment should have come with an event of their own
  baseline_at      timestamptz not null,
  first_done_at    timestamptz,
  last_done_at     timestamptz,
  last_operation   uuid
);

-- Where the reading of groups goes on after a crash.
create table group_sync_points (
  operation_id  uuid primary key,
  corp_id       integer not null,
  started_at    timestamptz not null,
  position      jsonb not null,
  report        jsonb not null,
  updated_at    timestamptz not null
);
