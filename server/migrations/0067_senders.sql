-- Who sends to a customer: his exclusive owner (专属), then who last chatted with him, then the latest relation; and who is
-- away meanwhile. Adds columns without defaults: no rewrite, a lock of some milliseconds.

alter table relations
  -- registers as the others: the relation is its customer's exclusive one while it lives and has not begun anew since
  add column owned_at    timestamptz,
  -- when the two last chatted, as far as an archive or another system told
  add column chatted_at  timestamptz;

-- Leave of members: no interface of the platform tells it, so managers and other systems do.
create table staff_leaves (
  id        uuid primary key,
  corp_id   integer not null,
  userid    text not null,
  from_at   timestamptz not null,
  until_at  timestamptz not null check (until_at > from_at),
  note      text not null default '',
  set_by    text not null,
  set_at    timestamptz not null,
  unique (corp_id, userid, from_at)
);
create index staff_leaves_until on staff_leaves (corp_id, until_at, id);

alter table sender_sets
  -- who is told when tasks of the set go to other members
  add column manager_userid  text;
