-- What all runs of a campaign came to together, each person counted once, as last worked out.

create table campaign_totals (
  campaign_id  uuid primary key references campaigns (id),
  corp_id      integer not null,
  -- business time: up to when facts were read
  as_of        timestamptz not null,
  -- total.schema.ts
  figures      jsonb not null
);
