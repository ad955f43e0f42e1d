-- Commerce: keys of systems that tell us facts, and the facts they tell: products, orders, members, behaviour.
-- Every fact is known by its source and its number there; of several versions the latest counts, in whatever order they come.

-- A key of another system: its secret stands only as a hash, and was shown once.
create table api_keys (
  id             uuid primary key,
  corp_id        integer not null,
  name           text not null,
  hash           bytea not null unique,
  -- how it begins, so that a person tells one key from another
  prefix         text not null,
  scopes         text[] not null,
  per_minute     integer not null check (per_minute between 1 and 60000),
  created_at     timestamptz not null,
  created_by     uuid,
  -- machine time, to the minute
  last_used_at   timestamptz,
  revoked_at     timestamptz,
  revoked_by     uuid
);
create index api_keys_corp on api_keys (corp_id, created_at desc, id desc);

-- Requests of a key in its latest minute (machine time); processes take some at once.
create table api_key_uses (
  key_id  uuid primary key,
  minute  timestamptz not null,
  taken   integer not null
);

create table products (
  id          bigint generated always as identity primary key,
  corp_id     integer not null,
  source      text collate "C" not null,
  number      text collate "C" not null,
  name        text not null,
  category    text collate "C" not null default '',
  -- fen
  price       bigint,
  image       text,
  -- over all stores; null: not counted
  stock       integer,
  on_sale     boolean not null default true,
  attributes  jsonb not null default '{}',
  version_at  timestamptz not null,
  -- of two versions of one moment the greater counts
  digest      bytea not null,
  learnt_at   timestamptz not null,
  unique (corp_id, source, number)
);
create index products_recent on products (corp_id, version_at desc, id desc);

create table product_stocks (
  product_id  bigint not null,
  corp_id     integer not null,
  store_code  text not null,
  stock       integer not null,
  primary key (product_id, store_code)
);

-- An order as its latest version says. Its home is that of the identities which that version names; no merge changes it.
create table orders (
  customer_id   bigint not null,
  id            bigint not null,
  corp_id       integer not null,
  source        text collate "C" not null,
  number        text collate "C" not null,
  status        text not null check (status in ('pending', 'paid', 'part_refunded', 'refunded', 'cancelled')),
  -- fen: what the order costs, and what of it was given back
  amount        bigint not null check (amount >= 0),
  refunded      bigint not null check (refunded >= 0),
  ordered_at    timestamptz not null,
  paid_at       timestamptz,
  cancelled_at  timestamptz,
  refunded_at   timestamptz,
  store_code    text,
  channel       text,
  staff_userid  text,
  -- [{product, name, category, quantity, price, amount, refunded}], always read and written with the order
  lines         jsonb not null,
  refunds       jsonb not null default '[]',
  version_at    timestamptz not null,
  learnt_at     timestamptz not null,
  primary key (customer_id, id)
);
create index orders_recent on orders (corp_id, ordered_at desc, id desc);
create index orders_number on orders (corp_id, number);

-- Where the order of a source's number stands, and which version of it.
create table order_keys (
  number       text collate "C" not null,
  source       text collate "C" not null,
  corp_id      integer not null,
  order_id     bigint generated always as identity,
  customer_id  bigint not null,
  version_at   timestamptz not null,
  digest       bytea not null,
  primary key (number, source, corp_id)
);

create table members (
  number       text collate "C" not null,
  source       text collate "C" not null,
  corp_id      integer not null,
  customer_id  bigint not null,
  level        text not null default '',
  points       bigint not null default 0,
  joined_at    timestamptz,
  ended_at     timestamptz,
  store_code   text,
  name_sealed  bytea,
  phone_sealed bytea,
  attributes   jsonb not null default '{}',
  version_at   timestamptz not null,
  digest       bytea not null,
  learnt_at    timestamptz not null,
  primary key (number, source, corp_id)
);
create index members_customer on members (customer_id);

-- What a person did, as other systems tell it: looked at goods, opened a page. Not in the log of domain events.
create table behaviours (
  customer_id  bigint not null,
  at           timestamptz not null,
  id           bigint generated always as identity,
  corp_id      integer not null,
  name         text not null,
  source       text not null,
  properties   jsonb,
  primary key (customer_id, at, id)
) partition by range (at);
create table behaviours_default partition of behaviours default;
