-- Tags that follow an audience, goods that audiences ask for, and the hundredths of numbers. Rewrites nothing; locks
-- `audience_runs` for a moment, for another cause of a computation.
create table tag_rules (
  corp_id      integer not null,
  tag_id       text collate "C" not null,
  audience_id  uuid not null,
  -- how long the tag holds after somebody joined; null: until he leaves
  keep_days    integer,
  created_at   timestamptz not null,
  created_by   uuid,
  -- everybody who was in the audience has been told of since; null: that is under way
  followed_at  timestamptz,
  primary key (corp_id, tag_id)
);
create index tag_rules_audience on tag_rules (audience_id);
create index tag_facts_by_rule on tag_facts (corp_id, tag_id, reference, customer_id) where source = 'rule' and says;

-- What was in stock when the audiences that ask for it were computed last.
create table audience_stocks (
  corp_id  integer not null,
  product  text collate "C" not null,
  -- of the stores that have it, and of the whole
  print    text not null,
  primary key (corp_id, product)
);

alter table audience_runs drop constraint audience_runs_cause_check,
  add constraint audience_runs_cause_check check (cause in ('start', 'schedule', 'rule', 'time', 'person', 'check', 'stock'));

-- Numbers were told to audiences by their whole part: their hundredths follow.
insert into audience_changes (corp_id, key, chunk, person_no, present)
select v.corp_id, k.key, p.person_no >> 16, p.person_no, true
from (
  select distinct on (coalesce(c.merged_into, c.id), f.field_id) f.corp_id, coalesce(c.merged_into, c.id) as root, f.field_id, f.value
  from customer_fields f join custom_fields d on d.id = f.field_id and d.kind = 'number' and not d.personal
  join customers c on c.id = f.customer_id
  order by coalesce(c.merged_into, c.id), f.field_id, f.updated_at desc, f.customer_id desc) v
join audience_people p on p.customer_id = v.root
cross join lateral (
  select case when jsonb_typeof(v.value) = 'number'
    then (round((v.value #>> '{}')::numeric * 100)::bigint % 100 + 100) % 100 else 0 end::int as part offset 0) h
cross join lateral (
  select 'broken:' || v.field_id as key where h.part > 0
  union all select 'part:' || v.field_id || ':' || bit from generate_series(0, 6) bit where (h.part >> bit) & 1 = 1) k
on conflict do nothing;
