-- The tags by which runs of Moments make themselves seen, and who of a run carries his.
-- Adds columns without a default and one with a constant: no rewrite, at any number of recipients.

-- Corp tags that stand for a run only. They are no tags of customers: neither corp_tags nor relations know them.
create table passing_tags (
  corp_id   integer not null,
  -- the platform's
  tag_id    text not null,
  name      text not null,
  made_at   timestamptz not null,
  gone_at   timestamptz,
  primary key (corp_id, tag_id)
);

alter table campaign_recipients
  -- of a Moment by a tag of its own: he carries it at who publishes to him
  add column marked boolean;

alter table campaign_moments
  -- up to which customer of its tasks all that could be marked are
  add column marked_to    bigint not null default 0,
  -- when its own tag was taken back from everybody
  add column unmarked_at  timestamptz;
create index campaign_moments_unmarked on campaign_moments (corp_id, run_id) where own_tag and unmarked_at is null;

alter table reach_settings
  -- how many Moments a customer may see in a month; null: as shipped
  add column moments_a_month smallint;
