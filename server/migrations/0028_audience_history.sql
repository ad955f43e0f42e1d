-- What persons did, as audiences count it, stands in two tables. What is new comes into a small one with one key, so that
-- writing touches few pages however much is kept; folding moves it to the large one, whose second index answers long windows
-- person by person, in its own order and without the table.
create table audience_behaved (
  corp_id    integer not null,
  name       text collate "C" not null,
  day        integer not null,
  chunk      integer not null,
  person_no  integer not null,
  times      integer not null,
  primary key (corp_id, person_no, name, day, chunk)
);
drop index audience_behaviours_person;
create index audience_behaviours_person on audience_behaviours (corp_id, name, person_no, day) include (times);

-- Members of staff, stores and channels are read as sets of persons: from the index alone.
drop index audience_relations_staff;
drop index audience_relations_store;
drop index audience_relations_channel;
create index audience_relations_staff on audience_relations (corp_id, staff, since) include (person_no, ended);
create index audience_relations_store on audience_relations (corp_id, store, since) include (person_no, ended);
create index audience_relations_channel on audience_relations (corp_id, channel, since) include (person_no, ended);

-- The digits of buyers now hold sums of periods too: whoever has a row is folded anew.
insert into audience_bought select corp_id, chunk, person_no from audience_buyers on conflict do nothing;
