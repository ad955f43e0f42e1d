-- Campaigns (群发): what is to be sent to whom and why; the runs of each; who of a run gets it and who does not; its tasks.

create table campaigns (
  id                uuid primary key,
  corp_id           integer not null,
  name              text not null,
  -- draft, waiting (for approval), approved, live, ended, cancelled
  state             text not null default 'draft'
                    check (state in ('draft', 'waiting', 'approved', 'live', 'ended', 'cancelled')),
  -- the version that counts: any change makes a new one, and what was approved of an older one is void
  version           integer not null default 1,
  template          boolean not null default false,
  copied_from       uuid,
  created_by        uuid,
  created_at        timestamptz not null,
  changed_at        timestamptz not null
);
create index campaigns_corp on campaigns (corp_id, changed_at desc, id desc);

-- What it was at each version (campaign.schema.ts); a version is never edited.
create table campaign_versions (
  campaign_id  uuid not null references campaigns (id),
  version      integer not null,
  spec         jsonb not null,
  changed_by   uuid,
  changed_at   timestamptz not null,
  primary key (campaign_id, version)
);

-- Who agreed to a version, or refused it.
create table campaign_approvals (
  campaign_id  uuid not null references campaigns (id),
  version      integer not null,
  account_id   uuid not null,
  verdict      text not null check (verdict in ('agree', 'refuse')),
  words        text not null default '',
  -- console or card
  through      text not null,
  at           timestamptz not null,
  primary key (campaign_id, version, account_id)
);

-- Sets of members that may send («新人组 40 号»).
create table sender_sets (
  id          uuid primary key,
  corp_id     integer not null,
  name        text not null,
  userids     text[] not null,
  created_at  timestamptz not null,
  changed_at  timestamptz not null,
  unique (corp_id, name)
);

-- One time that a campaign goes out. A campaign that repeats has many.
create table campaign_runs (
  id             integer generated always as identity primary key,
  corp_id        integer not null,
  campaign_id    uuid not null references campaigns (id),
  version        integer not null,
  -- a rehearsal goes nowhere; it is kept to be looked at and compared with what then happens
  rehearsal      boolean not null default false,
  -- planning, planned, canary, running, paused, stopped (by the canary), cancelled, ended, failed
  state          text not null default 'planning'
                 check (state in ('planning', 'planned', 'canary', 'running', 'paused', 'stopped', 'cancelled', 'ended', 'failed')),
  planned_for    timestamptz not null,
  started_at     timestamptz,
  ended_at       timestamptz,
  -- what the plan said when it was made (plan.schema.ts), and why the run stands as it does
  plan           jsonb,
  why            text,
  created_at     timestamptz not null
);
create index campaign_runs_campaign on campaign_runs (campaign_id, id desc);
create index campaign_runs_corp on campaign_runs (corp_id, planned_for desc);

-- Everybody whom a run's audience named, with what was decided of him. A partition a run, indexed after it is filled.
create table campaign_recipients (
  run_id           integer not null,
  customer_id      bigint not null,
  corp_id          integer not null,
  -- 0 is sent to, 1 held until, 2 dropped by the governor, 3 excluded, 4 campaign's holdout, 5 global holdout, 6 no sender
  fate             smallint not null,
  -- of an exclusion its place, of the governor its reason's place, of no sender why (recipient.ts)
  reason           smallint,
  -- all that hit: bits of exclusions from 0, of the governor's reasons from 16
  hits             integer not null default 0,
  policy           smallint,
  held_until       timestamptz,
  -- 0 to 9999, of this person and this campaign; the same at every run
  bucket           smallint not null,
  variant          smallint,
  -- who sends, by what id the platform knows the person there, and in which task
  sender           text,
  external_userid  text,
  task             integer,
  -- the platform's word: 0 not sent, 1 sent, 2 no friend any more, 3 over the cap; null: not asked
  status           smallint,
  sent_at          timestamptz
) partition by list (run_id);

-- What one member is asked to confirm: one content, at most 10,000 customers.
create table campaign_tasks (
  run_id        integer not null references campaign_runs (id),
  number        integer not null,
  corp_id       integer not null,
  variant       smallint not null,
  sender        text not null,
  recipients    integer not null,
  canary        boolean not null default false,
  -- planned, asking, asked, confirmed, expired, cancelled, failed, unknown
  state         text not null default 'planned'
                check (state in ('planned', 'asking', 'asked', 'confirmed', 'expired', 'cancelled', 'failed', 'unknown')),
  -- the effect that makes it; a task made anew has a new one
  effect        text,
  msgid         text,
  asked_at      timestamptz,
  expires_at    timestamptz,
  confirmed_at  timestamptz,
  reminded      smallint not null default 0,
  reminded_at   timestamptz,
  polled_at     timestamptz,
  -- how many stood at each of the platform's words when last read
  sent          integer not null default 0,
  no_friend     integer not null default 0,
  over_cap      integer not null default 0,
  errcode       integer,
  why           text,
  -- the task that took over what this one could not do
  replaced_by   integer,
  primary key (run_id, number)
);
create index campaign_tasks_state on campaign_tasks (corp_id, state, run_id, number);
create index campaign_tasks_msgid on campaign_tasks (corp_id, msgid) where msgid is not null;
