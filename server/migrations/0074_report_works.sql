-- Of which report somebody waits for newer figures, and the operation that works them out; the row goes with the wish.

create table report_works (
  campaign_id   uuid not null references campaigns (id),
  -- 0: all runs of the campaign together
  run_id        integer not null,
  corp_id       integer not null,
  -- grows with every wish: an operation that ends looks whether there was another while it worked
  version       integer not null default 1,
  -- business time, of the latest wish
  asked_at      timestamptz not null,
  operation_id  uuid not null,
  primary key (campaign_id, run_id)
);
