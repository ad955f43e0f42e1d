-- Moments (客户朋友圈): what the platform makes of a run that is one. The platform takes one content and shows it to the
-- carriers of some corp tags, for many members at a time; each member's part of it is a row of campaign_tasks.

create table campaign_moments (
  run_id        integer not null references campaign_runs (id) on delete cascade,
  number        integer not null,
  corp_id       integer not null,
  variant       smallint not null,
  canary        boolean not null default false,
  -- the platform's ids of the corp tags whose carriers see it
  tags          text[] not null default '{}',
  -- whether the tag is this run's own: made for it, put on whom it is for, and removed when the run is over
  own_tag       boolean not null,
  -- how many of its people are to carry that tag, do, and could not be given it
  to_mark       integer not null default 0,
  marked        integer not null default 0,
  unmarkable    integer not null default 0,
  -- planned, marking, ready, asking (the call is under way), made (the platform has a job), asked (members see it), …
  state         text not null default 'planned'
                check (state in ('planned', 'marking', 'ready', 'asking', 'made', 'asked', 'cancelled', 'failed', 'unknown')),
  effect        text,
  attempt       smallint not null default 0,
  jobid         text,
  moment_id     text,
  asked_at      timestamptz,
  -- business time of the next look; null: nothing is to be done
  next_at       timestamptz,
  -- machine time until which a process has it in hand
  leased_until  timestamptz,
  errcode       integer,
  why           text,
  primary key (run_id, number)
);
create index campaign_moments_next on campaign_moments (corp_id, state, next_at) where next_at is not null;

alter table campaign_tasks
  -- of a Moment: its number in campaign_moments
  add column moment    integer,
  add column likes     integer not null default 0,
  add column comments  integer not null default 0;
