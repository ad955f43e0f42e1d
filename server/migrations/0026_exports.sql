-- Tables that people take away, as jobs. The table of 0020 was never written to; it is made anew. Touches nothing else.
drop table exports;

-- asked (its job waits or begins) -> waiting (somebody else has to agree) -> running -> ready -> expired;
-- or refused (by who had to agree), failed, cancelled. The file stands below DATA_DIR/exports/<id> while it is ready.
create table exports (
  id             uuid primary key,
  corp_id        integer not null,
  -- which table, as the rooms name it: customers, orders, …
  kind           text not null,
  -- what people call it: «客户», or an audience's name
  title          text not null,
  format         text not null check (format in ('csv', 'xlsx')),
  -- what is among it; emptied with the file, for a search may name a person
  filters        jsonb not null default '{}',
  reason         text not null default '',
  -- rows when it was asked for; null where nobody counts them beforehand
  expected       bigint,
  state          text not null check (state in ('asked', 'waiting', 'running', 'ready', 'refused', 'expired', 'failed', 'cancelled')),
  operation_id   uuid,
  -- what stands in the file: rows, bytes, and whether personal data was masked
  rows           bigint,
  size           bigint,
  masked         boolean,
  problem        jsonb,
  requested_by   uuid not null,
  requested_at   timestamptz not null,
  decided_by     uuid,
  decided_at     timestamptz,
  -- what the one who decided said to it
  decision       text,
  finished_at    timestamptz,
  expires_at     timestamptz,
  downloads      integer not null default 0,
  downloaded_at  timestamptz
);
create index exports_recent on exports (corp_id, requested_at desc, id desc);
create index exports_waiting on exports (corp_id, requested_at) where state = 'waiting';
