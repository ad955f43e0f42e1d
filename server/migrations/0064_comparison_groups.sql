-- Who was reached elsewhere (SMS, an app …) and is held beside those who got a run; and in which order staff earn an order.

create table run_comparisons (
  id           uuid primary key,
  corp_id      integer not null,
  run_id       integer not null references campaign_runs (id),
  name         text not null,
  -- {audience, at} or {event, property, from, until}: comparison.schema.ts
  who          jsonb not null,
  -- fen, of all of them; null: nobody said
  cost         bigint check (cost >= 0),
  created_by   uuid,
  created_at   timestamptz not null,
  unique (run_id, name)
);

-- M35: to whom an order goes first.
alter table reach_settings add column earner_order text[] not null default '{seller,owner,store}';
-- As it was when the run was made; null: made before it could be set.
alter table campaign_runs add column earner_order text[];
