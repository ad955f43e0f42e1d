-- Who is told of what a member did not confirm, and what a rehearsal rested on. Columns without a default, or with a constant
-- one: no rewrite, a lock of some milliseconds.

alter table staff
  -- the departments that he leads (is_leader_in_dept)
  add column leads integer[] not null default '{}';

alter table campaign_tasks
  -- who was told that its member did not confirm it, and as what; null with `nobody`: nobody could be, which is an alarm
  add column told     text,
  add column told_as  text check (told_as in ('set', 'store', 'department', 'submitter', 'nobody'));

-- of a rehearsal: what campaign_versions.rests_on is of a submission. Null: a run that goes out, or rehearsed before.
alter table campaign_runs add column rests_on jsonb;
