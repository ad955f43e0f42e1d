-- What the platform's own cap of mass sends is reckoned from beside touches, and what members send by themselves.

-- The latest moment at which the platform refused a person as over its cap: he had had all that it allows then, whether we
-- know of it or not.
create table quota_fulls (
  customer_id  bigint primary key,
  corp_id      integer not null,
  at           timestamptz not null
);

-- Mass sends to groups that are known of, and of each group the latest refusal as over the cap.
create table group_touches (
  chat_id  text not null,
  at       timestamptz not null,
  effect   text not null,
  corp_id  integer not null,
  -- group_send, or by_hand: a member's own
  channel  text not null,
  sender   text not null,
  primary key (chat_id, at, effect)
);
create table group_quota_fulls (
  chat_id  text primary key,
  corp_id  integer not null,
  at       timestamptz not null
);

-- Mass sends that members made by themselves (93338, create_type 1), and how far what became of them was read.
create table own_sends (
  corp_id    integer not null,
  msgid      text not null,
  chat_type  text not null check (chat_type in ('single', 'group')),
  sender     text not null,
  made_at    timestamptz not null,
  -- business time; null: all was read
  read_next  timestamptz,
  reads      smallint not null default 0,
  sent       integer not null default 0,
  over_cap   integer not null default 0,
  primary key (corp_id, msgid)
);
create index own_sends_due on own_sends (corp_id, read_next) where read_next is not null;
