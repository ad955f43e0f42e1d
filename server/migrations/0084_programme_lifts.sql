-- What all marketing of a quarter came to against those whom every campaign left out, as last worked out.

create table programme_lifts (
  corp_id     integer not null,
  -- 2026Q4, in the corp's zone
  quarter     text not null,
  -- the smallest and the largest share, per mille, that was set while the quarter was looked at: between them nobody is compared
  held_least  smallint not null,
  held_most   smallint not null,
  -- business time: up to when facts were read
  as_of       timestamptz not null,
  -- programme.schema.ts
  figures     jsonb not null,
  primary key (corp_id, quarter)
);
