-- How the tasks of a campaign's run are carried out: what is to be done next with each, and when.
-- Adds columns with constant defaults to tables that are new: no rewrite.

alter table campaign_tasks
  -- how often it was put to the platform; the key of its effect ends with it
  add column attempt        smallint not null default 0,
  -- what it was there before it was taken back and made anew
  add column past_msgids    text[] not null default '{}',
  -- business time of the next look; null: nothing is to be done
  add column next_at        timestamptz,
  -- machine time until which a process has it in hand
  add column leased_until   timestamptz,
  -- why what a member has not confirmed yet is being taken back
  add column ending         text check (ending in ('expired', 'quiet', 'paused', 'cancelled', 'stopped', 'absent')),
  add column remind_at      timestamptz,
  -- how often it was looked for in vain after its answer was lost
  add column sought         smallint not null default 0,
  -- where reading its results goes on, and since when nothing more is expected of them
  add column results_cursor text,
  add column settled_at     timestamptz,
  -- members to whom its customers were given in vain before
  add column tried          text[] not null default '{}';
create index campaign_tasks_next on campaign_tasks (corp_id, state, next_at) where next_at is not null;

alter table campaign_runs
  -- what the canary was judged by: asked, delivered, deleted, and what came of it
  add column canary         jsonb,
  -- who paused or cancelled it
  add column halted_by      uuid;
create index campaign_runs_open on campaign_runs (corp_id, id) where state in ('canary', 'running', 'paused', 'stopped', 'cancelled') and ended_at is null;
