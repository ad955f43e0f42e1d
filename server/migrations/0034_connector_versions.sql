-- How a connector was set, version by version; and how far its latest replay is. `connectors` is small: no lock worth naming.
alter table connectors add column version integer not null default 1;
-- the latest replay that is over: from which date it read, and when it had caught up (machine time)
alter table connectors add column replayed_from timestamptz;
alter table connectors add column replayed_at timestamptz;

create table connector_versions (
  connector_id  uuid not null,
  version       integer not null,
  corp_id       integer not null,
  name          text not null,
  config        jsonb not null,
  enabled       boolean not null,
  at            timestamptz not null,
  by            uuid,
  primary key (connector_id, version)
);
insert into connector_versions (connector_id, version, corp_id, name, config, enabled, at, by)
  select id, 1, corp_id, name, config, enabled, created_at, created_by from connectors;
