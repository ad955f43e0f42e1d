-- Customers as the console finds and keeps them: tags, what the platform tells of a relation, one search row a customer,
-- what is still to be read or put on at the platform, syncs and the differences they found, saved views.

create table corp_tags (
  corp_id         integer not null,
  tag_id          text not null,
  group_id        text not null,
  name            text not null,
  group_name      text not null,
  position        bigint not null default 0,
  group_position  bigint not null default 0,
  -- only the app that made a tag may change it; the platform does not say who did, we know it of our own
  ours            boolean not null default false,
  created_at      timestamptz,
  seen_at         timestamptz not null,
  gone_at         timestamptz,
  primary key (corp_id, tag_id)
);

alter table relations
  add column tag_ids        text[] not null default '{}',
  -- a member's own tags have no id
  add column personal_tags  text[] not null default '{}',
  add column remark_corp    text,
  -- when remark, description and tags were read at the platform: an older reading never overwrites a newer one
  add column detail_at      timestamptz;
create index relations_half on relations (corp_id, half_at) where status = 'half';

-- What lists are filtered, sorted and searched by; derived from customers and relations, kept with them.
create table customer_cards (
  customer_id    bigint primary key,
  corp_id        integer not null,
  -- name, pinyin, initials and remarks, one a line, in small letters
  search         text not null default '',
  -- hashes of search pieces, members, tags, channels and status: one index answers every filter and every mixture
  keys           integer[] not null default '{}',
  -- members whom the customer has or had, but those he was handed over from
  userids        text[] not null default '{}',
  tag_ids        text[] not null default '{}',
  channel_ids    uuid[] not null default '{}',
  status         text not null check (status in ('alive', 'half', 'ended', 'lost')),
  alive          integer not null default 0,
  last_added_at  timestamptz not null
);
create index customer_cards_recent on customer_cards (corp_id, last_added_at desc, customer_id desc);
create index customer_cards_keys on customer_cards using gin (keys);

-- What is still to be done at the platform for one relation (or, without a customer, for a member, the tags, the departments).
create table customer_todos (
  corp_id          integer not null,
  kind             text not null check (kind in ('detail', 'tags', 'remark', 'staff', 'departments', 'corp_tags')),
  userid           text not null default '',
  external_userid  text not null default '',
  customer_id      bigint,
  detail           jsonb not null default '{}',
  attempts         integer not null default 0,
  next_at          timestamptz not null,
  reason           text,
  -- raised when it is wanted again while it is being done
  revision         integer not null default 0,
  primary key (corp_id, kind, userid, external_userid)
);
create index customer_todos_next on customer_todos (next_at);

create table customer_syncs (
  corp_id          integer primary key,
  -- adds after this moment without an event of their own were missed
  baseline_at      timestamptz not null,
  first_done_at    timestamptz,
  last_done_at     timestamptz,
  last_operation   uuid
);

-- Where a sync goes on after a crash: written in the transaction of the rows it stands behind.
create table sync_points (
  operation_id  uuid primary key,
  corp_id       integer not null,
  started_at    timestamptz not null,
  userids       text[] not null,
  position      jsonb not null,
  report        jsonb not null,
  updated_at    timestamptz not null
);

create table sync_differences (
  id               bigint generated always as identity primary key,
  corp_id          integer not null,
  operation_id     uuid not null,
  -- found: an add that we were never told of; vanished: a relation that is no longer at the platform; kept: vanished, but left as it is
  kind             text not null check (kind in ('found', 'vanished', 'kept')),
  customer_id      bigint not null,
  userid           text not null,
  external_userid  text not null,
  added_at         timestamptz,
  at               timestamptz not null
);
create index sync_differences_recent on sync_differences (corp_id, id desc);
create index sync_differences_operation on sync_differences (operation_id, id desc);

create table saved_views (
  id          uuid primary key,
  corp_id     integer not null,
  account_id  uuid not null,
  list        text not null,
  name        text not null,
  filters     jsonb not null,
  created_at  timestamptz not null,
  unique (account_id, list, name)
);
