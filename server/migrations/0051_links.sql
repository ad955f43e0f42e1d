-- Tracked links: a short address of ours for each link of each task, and every time that one was opened.

create table links (
  id          bigint generated always as identity primary key,
  corp_id     integer not null,
  run_id      integer not null,
  task        integer not null,
  -- which of the addresses of the content, counted from 0
  place       smallint not null,
  -- untouched, as the content says it
  target      text not null,
  -- who opens it is told that it is over; null: it leads on
  stopped_at  timestamptz,
  unique (run_id, task, place)
);
create index links_corp on links (corp_id, id desc);

-- An opening carries a number of its own, so that it is kept once however often it is told; and the run and task of its
-- link, so that they are counted without a look at it. customer_id 0: nobody knows who it was.
create table link_opens (
  link_id      bigint not null,
  id           uuid not null,
  at           timestamptz not null,
  corp_id      integer not null,
  run_id       integer not null,
  task         integer not null,
  customer_id  bigint not null default 0,
  primary key (link_id, id, at)
) partition by range (at);
create table link_opens_default partition of link_opens default;
create index link_opens_run on link_opens (run_id, task, at) include (customer_id);
create index link_opens_customer on link_opens (customer_id) where customer_id <> 0;
