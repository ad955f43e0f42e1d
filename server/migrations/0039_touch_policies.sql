-- What a brand allows itself of touching people, and what people asked for themselves.

create table touch_policies (
  id          uuid primary key,
  corp_id     integer not null,
  name        text not null,
  created_at  timestamptz not null
);
create index touch_policies_corp on touch_policies (corp_id);

-- A version is never edited; going back is making an older one count again.
create table touch_policy_versions (
  policy_id   uuid not null references touch_policies (id),
  version     integer not null,
  -- of several policies that somebody falls under, the one of the least place counts
  place       integer not null,
  rules       jsonb not null,
  note        text not null default '',
  created_by  uuid,
  created_at  timestamptz not null,
  primary key (policy_id, version)
);

-- Which version counted from when on: so it is known what was decided by at any moment.
create table touch_policy_turns (
  policy_id  uuid not null references touch_policies (id),
  id         bigint generated always as identity,
  at         timestamptz not null,
  -- null: it ended
  version    integer,
  turned_by  uuid,
  primary key (policy_id, id)
);

-- What somebody wished, with the home under which he said it; over all homes of a person the latest counts.
create table touch_wishes (
  customer_id  bigint not null,
  at           timestamptz not null,
  corp_id      integer not null,
  wish         text not null check (wish in ('all', 'less', 'none')),
  noted_by     uuid,
  reason       text not null default '',
  primary key (customer_id, at)
);
create index touch_wishes_corp on touch_wishes (corp_id);
