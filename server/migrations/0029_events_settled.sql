-- Up to which transaction followers of events may read: below the oldest one still open. A function, because a database
-- that is distributed must ask more carefully (server/src/infra/distribution/distribute.store.ts). Touches no table.
create function events_settled() returns xid8 language sql stable parallel safe as
  'select pg_snapshot_xmin(pg_current_snapshot())';
