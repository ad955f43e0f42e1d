-- Locks nothing for longer than a moment: columns without a rewrite, a new table, one reading of `identities`.
-- What the sync keeps beside: phone numbers that staff noted, search rows still to be written, who was erased.

alter table relations
  -- phone numbers that the member noted of the customer: a JSON list, sealed
  add column mobiles bytea;

alter table sync_points
  -- customers whose search rows are not written yet: they follow the position by one transaction
  add column cards_due bigint[] not null default '{}';

-- Ids that were erased, as keyed fingerprints: a person who is still a contact must not come back with the next reading.
create table erased_ids (
  pseudonym  text not null,
  corp_id    integer not null,
  erased_at  timestamptz not null,
  primary key (pseudonym, corp_id)
);
insert into erased_ids (pseudonym, corp_id, erased_at)
select i.value, i.corp_id, max(c.erased_at) from identities i join customers c on c.id = i.customer_id
where i.value like 'erased-%' and c.erased_at is not null group by i.value, i.corp_id;
