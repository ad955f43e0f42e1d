-- What a corp set for its sends, which words it forbids, and what a version of a campaign was submitted with.

create table reach_settings (
  corp_id                   integer primary key,
  -- how its customers know it; null: the corp's own name
  brand                     text,
  -- up to so many recipients one person agrees, beyond that two
  one_approval_most         integer not null default 1000 check (one_approval_most >= 0),
  -- a send that reaches one of these value tiers needs two, however small
  two_for_tiers             text[] not null default '{}',
  -- how many of a thousand get no marketing at all for a quarter
  global_holdout_permille   integer not null default 20 check (global_holdout_permille between 0 and 200),
  changed_at                timestamptz not null
);

create table forbidden_words (
  corp_id     integer not null,
  word        text not null,
  -- what to write instead, or why not
  advice      text not null default '',
  created_by  uuid,
  created_at  timestamptz not null,
  primary key (corp_id, word)
);

-- Submitted by whom, for how many recipients by the rehearsal, and how many persons must agree.
alter table campaign_versions
  add column submitted_by uuid,
  add column submitted_at timestamptz,
  add column recipients integer,
  add column approvals_needed smallint;
