-- One person: what evidence says of homes that belong together, what people decided about it, and what came of both.
-- `identities.customer_id` is the home of an identity and never changes; `customers.merged_into` points at the person's root.
-- Locks nothing for longer than a moment but for the index over `customers`, which holds only those who were merged.

create index customers_root on customers (merged_into) where merged_into is not null;

-- Kinds of identities that a brand declares beside the house's own: the number of another shop, an e-mail it trusts.
create table identity_kinds (
  corp_id    integer not null,
  kind       text not null check (kind ~ '^[a-z][a-z0-9_]{1,31}$'),
  name       text not null,
  strong     boolean not null,
  -- a person has one of it at most
  exclusive  boolean not null default false,
  primary key (corp_id, kind)
);

-- Two homes that one fact named together, once from each side: a home's evidence stands with it.
create table identity_links (
  customer_id  bigint not null,
  other_id     bigint not null,
  corp_id      integer not null,
  -- wecom, person, or where the fact came from, such as order or import
  source       text not null,
  reference    text not null default '',
  at           timestamptz not null,
  primary key (customer_id, other_id, source)
);

-- A person's decision that two homes are two persons, once from each side.
create table identity_blocks (
  customer_id  bigint not null,
  other_id     bigint not null,
  corp_id      integer not null,
  reason       text not null,
  decided_by   uuid,
  at           timestamptz not null,
  primary key (customer_id, other_id)
);

-- What is said of a home but proves nothing: a phone number typed by hand, an e-mail.
create table identity_hints (
  value        text not null,
  kind         text not null,
  corp_id      integer not null,
  customer_id  bigint not null,
  source       text not null,
  at           timestamptz not null,
  primary key (value, kind, corp_id, customer_id)
);
create index identity_hints_customer on identity_hints (customer_id);

-- Homes whose evidence changed and whose person is still to be worked out.
create table person_todos (
  customer_id  bigint primary key,
  corp_id      integer not null,
  at           timestamptz not null
);
create index person_todos_corp on person_todos (corp_id);

-- Evidence that is not followed, because the person would have two of what he has one of.
create table identity_conflicts (
  low_id   bigint not null,
  high_id  bigint not null,
  corp_id  integer not null,
  -- the kind of which there would be two
  kind     text not null,
  source   text not null,
  at       timestamptz not null,
  primary key (low_id, high_id)
);
create index identity_conflicts_recent on identity_conflicts (corp_id, at desc, low_id, high_id);
create index identity_conflicts_high on identity_conflicts (high_id);

-- Homes that a hint holds to be the same; it waits for a person.
create table identity_proposals (
  low_id      bigint not null,
  high_id     bigint not null,
  corp_id     integer not null,
  kind        text not null,
  state       text not null default 'open' check (state in ('open', 'confirmed', 'refused')),
  decided_by  uuid,
  reason      text,
  at          timestamptz not null,
  primary key (low_id, high_id)
);
create index identity_proposals_open on identity_proposals (corp_id, at desc, low_id, high_id) where state = 'open';
create index identity_proposals_high on identity_proposals (high_id);

-- What joined and what parted, and why.
create table person_merges (
  id           bigint generated always as identity,
  -- the root of the part that joined or left
  customer_id  bigint not null,
  corp_id      integer not null,
  kind         text not null check (kind in ('merged', 'parted')),
  -- whom it joined or left
  root_id      bigint not null,
  homes        bigint[] not null,
  -- those whom they joined or left, as they were
  others       bigint[] not null,
  -- the evidence that joins both
  low_id       bigint,
  high_id      bigint,
  source       text,
  reference    text,
  evidence_at  timestamptz,
  reason       text,
  decided_by   uuid,
  at           timestamptz not null,
  undone_at    timestamptz,
  primary key (customer_id, id)
);
create index person_merges_recent on person_merges (corp_id, id desc);
create index person_merges_root on person_merges (root_id);
