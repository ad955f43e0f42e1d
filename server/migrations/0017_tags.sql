-- Tags: the catalogue as we want it, what was said of each person and by whom, what came of it, and what we put on at the
-- platform. `corp_tags` and `relations.tag_ids` stay what the platform shows. Adds two columns to `corp_tags`, which holds
-- at most some thousand rows; rewrites nothing.

alter table corp_tags
  -- of a strategy (规则组): only the members in its range may use it
  add column strategy_id  integer,
  -- the tag that took its place when it was moved to another group
  add column moved_to     text;

create table tag_groups (
  corp_id        integer not null,
  id             text collate "C" not null,
  kind           text not null check (kind in ('corp', 'strategy', 'own')),
  strategy_id    integer,
  -- own groups have none
  platform_id    text collate "C",
  -- made by our app, or living here only: we may change it
  ours           boolean not null,
  -- which side wins where both changed
  truth          text not null check (truth in ('ours', 'wecom')),
  name           text not null,
  position       bigint not null default 0,
  -- what both sides last agreed on
  base_name      text,
  base_position  bigint,
  -- a person has one of its tags at most
  exclusive      boolean not null default false,
  -- needs a recorded consent before anything automatic may put it; nothing infers it
  sensitive      boolean not null default false,
  created_at     timestamptz not null,
  removed_at     timestamptz,
  primary key (corp_id, id)
);
create unique index tag_groups_platform on tag_groups (corp_id, platform_id) where platform_id is not null;

create table tags (
  corp_id        integer not null,
  -- stays when the tag moves; of a tag that came from the platform it is its first id there
  id             text collate "C" not null,
  group_id       text collate "C" not null,
  platform_id    text collate "C",
  name           text not null,
  position       bigint not null default 0,
  base_name      text,
  base_position  bigint,
  -- on its way to another group: { operationId, fromGroup, fromPlatformId, toGroup, toPlatformId }
  moving         jsonb,
  created_at     timestamptz not null,
  removed_at     timestamptz,
  primary key (corp_id, id)
);
create unique index tags_platform on tags (corp_id, platform_id) where platform_id is not null;
create index tags_group on tags (corp_id, group_id);

-- One register a person's home, tag, source and reference; only a later word replaces an earlier one.
create table tag_facts (
  customer_id  bigint not null,
  corp_id      integer not null,
  tag_id       text collate "C" not null,
  source       text not null check (source in ('manual', 'wecom', 'import', 'rule', 'event', 'inferred')),
  -- which rule, import, channel or member said so
  reference    text collate "C" not null default '',
  says         boolean not null,
  evidence     jsonb not null default '{}',
  confidence   real,
  at           timestamptz not null,
  expires_at   timestamptz,
  primary key (customer_id, tag_id, source, reference)
);

-- A person's consent to what a sensitive group tells of him.
create table tag_consents (
  customer_id  bigint not null,
  corp_id      integer not null,
  group_id     text collate "C" not null,
  given        boolean not null,
  evidence     text not null,
  at           timestamptz not null,
  by_account   uuid,
  primary key (customer_id, group_id)
);

-- What came of the facts: tags a person has, kept at his root.
create table person_tags (
  customer_id  bigint not null,
  corp_id      integer not null,
  tag_id       text collate "C" not null,
  source       text not null,
  reference    text collate "C" not null,
  confidence   real,
  at           timestamptz not null,
  expires_at   timestamptz,
  primary key (customer_id, tag_id)
);
create index person_tags_tag on person_tags (corp_id, tag_id, customer_id);
create index person_tags_expiry on person_tags (corp_id, expires_at) where expires_at is not null;

-- What both sides last agreed on of a relation's tag, where we ever had a say in it.
create table tag_marks (
  customer_id  bigint not null,
  corp_id      integer not null,
  userid       text not null,
  tag_id       text collate "C" not null,
  present      boolean not null,
  at           timestamptz not null,
  primary key (customer_id, corp_id, userid, tag_id)
);
create index tag_marks_tag on tag_marks (corp_id, tag_id, customer_id, userid);

-- Persons whose tags are to be worked out again. Machine time.
create table tag_todos (
  customer_id  bigint primary key,
  corp_id      integer not null,
  -- tags that the platform showed and shows no longer
  was          text[] not null default '{}',
  revision     integer not null default 0,
  next_at      timestamptz not null
);
create index tag_todos_next on tag_todos (corp_id, next_at);

-- Relations whose tags are to be changed at the platform, one call each. Machine time.
create table tag_calls (
  id               bigint generated always as identity,
  customer_id      bigint not null,
  corp_id          integer not null,
  userid           text not null,
  external_userid  text not null,
  -- ids at the platform
  add_tags         text[] not null default '{}',
  remove_tags      text[] not null default '{}',
  attempts         integer not null default 0,
  -- refused for good: it waits for a person
  refused          boolean not null default false,
  reason           text,
  revision         integer not null default 0,
  next_at          timestamptz not null,
  primary key (customer_id, corp_id, userid)
);
create index tag_calls_next on tag_calls (corp_id, next_at) where not refused;

-- Marks that differ and were changed at the platform's side: they wait for a person.
create table tag_differences (
  customer_id  bigint not null,
  corp_id      integer not null,
  userid       text not null,
  tag_id       text collate "C" not null,
  -- what we want and they have not, or the other way round
  wanted       boolean not null,
  found_at     timestamptz not null,
  primary key (customer_id, corp_id, userid, tag_id)
);
create index tag_differences_recent on tag_differences (corp_id, found_at desc, customer_id, userid, tag_id);

-- What an applied sync changed, so that it can be undone.
create table tag_sync_changes (
  operation_id  uuid not null,
  no            integer not null,
  corp_id       integer not null,
  customer_id   bigint,
  change        jsonb not null,
  undone_at     timestamptz,
  primary key (operation_id, no)
);
create index tag_sync_changes_customer on tag_sync_changes (customer_id) where customer_id is not null;

create table tag_standings (
  corp_id     integer primary key,
  -- what the platform showed up to here is in our catalogue
  adopted_at  timestamptz,
  checked_at  timestamptz,
  -- of the last check
  found       jsonb,
  counted_at  timestamptz
);

create table tag_counts (
  corp_id    integer not null,
  tag_id     text collate "C" not null,
  customers  integer not null,
  primary key (corp_id, tag_id)
);
