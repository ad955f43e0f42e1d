-- A task may have been asked for anew because its first send stood in no list, and that send may be listed later yet: when it
-- is looked for next. Adds a column without a default and an empty partial index: no rewrite.
alter table campaign_tasks add column late_at timestamptz;
create index campaign_tasks_late on campaign_tasks (corp_id, late_at) where late_at is not null;
