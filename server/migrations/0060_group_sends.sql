-- Mass sends to groups (客户群群发): of a run that is for groups, what was decided of each and what became of it. Few enough
-- for one table: a corp's largest run is of some ten thousand groups.
create table campaign_groups (
  run_id       integer not null references campaign_runs (id) on delete cascade,
  chat_id      text not null,
  corp_id      integer not null,
  -- as its run's
  planned_for  timestamptz not null,
  owner        text not null,
  -- customers who were in it when this was decided
  customers    integer not null,
  -- as of campaign_recipients: 0 is sent to, 2 dropped by the platform's quota, 3 excluded, 6 no sender
  fate         smallint not null,
  reason       text,
  task         integer,
  -- the platform's word: 0 not sent, 1 sent, 3 over the cap; null: not asked
  status       smallint,
  sent_at      timestamptz,
  primary key (run_id, chat_id)
);
create index campaign_groups_task on campaign_groups (run_id, task) where task is not null;
-- what other runs have open for a group
create index campaign_groups_open on campaign_groups (corp_id, chat_id) where task is not null and (status is null or status = 0);
create index campaign_groups_age on campaign_groups (planned_for);
