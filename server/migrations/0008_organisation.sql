-- Staff and stores as the console lists them; the connection guide, its doctor, and what the platform refused lately.

alter table staff
  -- within the visible range of the customer-contact app, as last read; null: not read yet
  add column visible boolean;
create index staff_list on staff (corp_id, name_pinyin, userid);

-- What a person said of a step of the connection guide that no interface can tell us.
create table guide_steps (
  corp_id  integer not null,
  step     text not null,
  state    text not null check (state in ('done', 'skipped')),
  by_name  text not null,
  at       timestamptz not null,
  primary key (corp_id, step)
);

-- WW_verify_*.txt, by which the platform knows that a domain is the corp's.
create table ownership_files (
  name        text primary key check (name ~ '^WW_verify_[A-Za-z0-9]{1,64}\.txt$'),
  corp_id     integer not null,
  content     text not null,
  created_at  timestamptz not null
);

-- What happened at the callback address of an app: the platform's check of the address, and what we could not open.
create table callback_witnesses (
  app_id         uuid primary key references apps (id) on delete cascade,
  verified_at    timestamptz,
  refused_at     timestamptz,
  refused_code   integer,
  refused_count  integer not null default 0
);

-- Error codes that the platform answered, one row an app, API and code.
create table call_failures (
  corp_id   integer not null,
  app_key   text not null,
  api       text not null,
  errcode   integer not null,
  count     bigint not null,
  first_at  timestamptz not null,
  last_at   timestamptz not null,
  primary key (corp_id, app_key, api, errcode)
);

create table doctor_runs (
  id        uuid primary key,
  corp_id   integer not null,
  cause     text not null check (cause in ('person', 'schedule')),
  at        timestamptz not null,
  took_ms   integer not null,
  findings  jsonb not null,
  facts     jsonb not null
);
create index doctor_runs_recent on doctor_runs (corp_id, at desc);
