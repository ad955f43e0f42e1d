-- Touches that a run has taken for people to whom its tasks are open: nobody has felt them yet, and whoever decides counts
-- them as if they were felt now, for a member may confirm at any moment (docs/decisions/0038-touches-as-rows-and-arrays.md).
-- Which task it is for stands in campaign_recipients alone, so that a task made anew takes its people along.
create table touch_reservations (
  customer_id  bigint not null,
  run_id       integer not null,
  corp_id      integer not null,
  at           timestamptz not null,
  channel      text not null,
  -- what it will add to the fatigue index, in hundredths
  weight       smallint not null check (weight between 0 and 1000),
  primary key (customer_id, run_id)
);
