-- What members of staff are told through the app (应用消息): each message once by its key; several become one digest when
-- many come in a short time, so that the platform never drops one for being too many (90236).

create table app_messages (
  id           bigint generated always as identity primary key,
  corp_id      integer not null,
  userid       text not null,
  kind         text not null,
  -- told again under the same key, it is the same message
  key          text not null,
  -- of whom it speaks: erasure takes the words
  customer_id  bigint,
  values       jsonb not null,
  created_at   timestamptz not null,
  -- the call that carried it; null: it waits
  send_id      bigint,
  unique (corp_id, kind, key)
);
create index app_messages_waiting on app_messages (corp_id, userid, id) where send_id is null;
create index app_messages_send on app_messages (send_id) where send_id is not null;
create index app_messages_newest on app_messages (corp_id, id desc);
create index app_messages_customer on app_messages (customer_id) where customer_id is not null;

-- Members for whom something waits, and when the next may go to each.
create table app_message_desks (
  corp_id  integer not null,
  userid   text not null,
  next_at  timestamptz not null,
  primary key (corp_id, userid)
);
create index app_message_desks_next on app_message_desks (next_at);

-- One call of message/send: what it said, and what became of it.
create table app_message_sends (
  id          bigint generated always as identity primary key,
  corp_id     integer not null,
  userid      text not null,
  made_at     timestamptz not null,
  -- as the platform is told it: told again after a lost answer, word by word, it is sent once
  content     jsonb not null,
  messages    integer not null,
  state       text not null default 'making' check (state in ('making', 'sent', 'refused', 'unknown')),
  process_id  integer not null,
  tried       smallint not null default 0,
  msgid       text,
  errcode     integer,
  settled_at  timestamptz
);
create index app_message_sends_member on app_message_sends (corp_id, userid, made_at desc);
create index app_message_sends_making on app_message_sends (process_id) where state = 'making';

-- A brand's own words for a kind of message; where there are none, those that come with the product count.
create table app_message_templates (
  corp_id     integer not null,
  kind        text not null,
  enabled     boolean not null,
  words       text not null,
  changed_by  uuid,
  changed_at  timestamptz not null,
  primary key (corp_id, kind)
);

-- Orders are told of from now on: whoever follows the log for that does not read years of it first.
insert into event_cursors (subscriber, txid, id)
select 'reach.app-messages', txid, id from events order by txid desc, id desc limit 1;
