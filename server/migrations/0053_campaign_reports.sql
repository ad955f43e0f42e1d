-- What a run of a campaign came to, as last worked out; and to which run each order is credited.

create table campaign_reports (
  run_id       integer primary key,
  corp_id      integer not null,
  campaign_id  uuid not null,
  -- business time: up to when facts were read
  as_of        timestamptz not null,
  -- when the last window of somebody in it closes; null: nobody has got it yet
  closes_at    timestamptz,
  -- report.schema.ts, of the version that worked it out
  figures      jsonb not null
);
create index campaign_reports_corp on campaign_reports (corp_id, closes_at);

-- The same figures by store, sender, variant, hour, and by who earned the orders that are credited to the run.
create table campaign_report_parts (
  run_id      integer not null,
  part        text not null check (part in ('store', 'sender', 'variant', 'hour', 'earner')),
  -- a store's id, a userid, a number of a variant, an hour of the day; empty: of none
  key         text collate "C" not null,
  corp_id     integer not null,
  name        text not null,
  planned     integer not null default 0,
  asked       integer not null default 0,
  confirmed   integer not null default 0,
  delivered   integer not null default 0,
  opened      integer not null default 0,
  converted   integer not null default 0,
  deleted     integer not null default 0,
  -- fen, of those to whom it was delivered, within the window
  gmv         bigint not null default 0,
  -- fen and orders that are credited to the run
  credited    bigint not null default 0,
  orders      integer not null default 0,
  primary key (run_id, part, key)
);
create index campaign_report_parts_most on campaign_report_parts (run_id, part, delivered desc, credited desc, key);

-- Every order is credited once: to the last click within its window, else to the last send within its own.
create table order_credits (
  customer_id  bigint not null,
  order_id     bigint not null,
  corp_id      integer not null,
  paid_at      timestamptz not null,
  -- fen, after refunds
  net          bigint not null,
  by           text not null check (by in ('click', 'send')),
  run_id       integer not null,
  at           timestamptz not null,
  -- the first of all the touches that were eligible: the view from the other end
  first_run    integer not null,
  -- who earned it: a member's userid or a store's code; empty: nobody is known
  earner_kind  text not null check (earner_kind in ('seller', 'owner', 'store', 'none')),
  earner       text not null,
  primary key (customer_id, order_id)
);
create index order_credits_run on order_credits (run_id);
create index order_credits_first on order_credits (first_run);
