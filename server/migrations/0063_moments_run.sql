-- How a Moment is carried out from asking to its results.
-- Adds columns with constant defaults and a partial index of rows that do not stand yet: no rewrite.

alter table campaign_moments
  -- what it was at the platform before it was cancelled and made anew
  add column past_ids  text[] not null default '{}',
  -- how often it was looked for in vain after its answer was lost
  add column sought    smallint not null default 0;

alter table campaign_tasks
  -- of a Moment: how many see it without being of this task: at another member's too, or not of the run at all
  add column beside    integer not null default 0;
create index campaign_tasks_moment on campaign_tasks (run_id, moment, next_at) where moment is not null;
