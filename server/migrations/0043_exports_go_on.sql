-- A table that is half written is gone on with after a kill: it must not tell of somebody who was erased meanwhile.
alter table exports add column erased_at timestamptz;
comment on column exports.erased_at is 'Somebody was erased while it was being written: what is written may tell of him.';
