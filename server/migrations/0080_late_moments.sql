-- A first Moment that the platform makes after it was asked for anew is looked for until its job is forgotten.
-- Adds columns without a default and a partial index of rows that do not stand yet: no rewrite.

alter table campaign_moments
  -- when to look next whether an attempt that was given up as never made came up after all; null: there is none to look for
  add column late_at     timestamptz,
  -- until when it may
  add column late_until  timestamptz;
create index campaign_moments_late on campaign_moments (corp_id, late_at) where late_at is not null;
