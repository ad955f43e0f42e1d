-- What audiences are counted from (docs/decisions/0012-audiences-as-bits.md). Persons of a corp have dense numbers; 65,536
-- of them are a chunk, and everything here but the numbering itself is placed by chunk.

create table audience_corps (
  corp_id  integer primary key,
  next_no  integer not null default 0
);

create table audience_people (
  customer_id  bigint primary key,
  corp_id      integer not null,
  person_no    integer not null
);
create index audience_people_number on audience_people (corp_id, person_no);

-- One mark (a tag, a value of a field, a stage, a slice of a number …) of 65,536 persons.
create table audience_bits (
  corp_id  integer not null,
  key      text collate "C" not null,
  chunk    integer not null,
  bits     bit varying not null,
  primary key (corp_id, key, chunk)
);

-- Marks that changed since the bits were folded: merged when they are read.
create table audience_changes (
  corp_id    integer not null,
  key        text collate "C" not null,
  chunk      integer not null,
  person_no  integer not null,
  present    boolean not null,
  primary key (corp_id, key, person_no, chunk)
);

-- Days are numbers since 1970-01-01 on the corp's wall calendar.
create table audience_relations (
  corp_id      integer not null,
  chunk        integer not null,
  person_no    integer not null,
  staff        text collate "C" not null,
  departments  text[] not null default '{}',
  store        text collate "C",
  channel      text collate "C",
  since        integer not null,
  ended        integer,
  primary key (corp_id, person_no, staff, chunk)
);
create index audience_relations_staff on audience_relations (corp_id, staff, since);
create index audience_relations_store on audience_relations (corp_id, store, since);
create index audience_relations_channel on audience_relations (corp_id, channel, since);

create table audience_orders (
  corp_id    integer not null,
  chunk      integer not null,
  order_id   bigint not null,
  person_no  integer not null,
  day        integer not null,
  net        bigint not null,
  store      text collate "C",
  channel    text collate "C",
  primary key (corp_id, order_id, chunk)
);
create index audience_orders_day on audience_orders (corp_id, day) include (person_no, net);
create index audience_orders_person on audience_orders (corp_id, person_no);
create index audience_orders_store on audience_orders (corp_id, store, day) include (person_no, net);

create table audience_lines (
  corp_id    integer not null,
  chunk      integer not null,
  order_id   bigint not null,
  line       smallint not null,
  person_no  integer not null,
  day        integer not null,
  product    text collate "C" not null,
  category   text collate "C" not null,
  store      text collate "C",
  channel    text collate "C",
  amount     bigint not null,
  primary key (corp_id, order_id, line, chunk)
);
create index audience_lines_product on audience_lines (corp_id, product, day) include (person_no, order_id, amount);
create index audience_lines_category on audience_lines (corp_id, category, day) include (person_no, order_id, amount);

-- The orders of a person as most rules ask for them: the days of the latest five, and sums of thirty-day periods.
-- The sum of period p stands at p % 13; what stands there for a later period than `period` is older by 13 and not valid.
create table audience_buyers (
  corp_id    integer not null,
  chunk      integer not null,
  person_no  integer not null,
  orders     integer not null,
  net        bigint not null,
  period     integer not null,
  d1 integer, d2 integer, d3 integer, d4 integer, d5 integer,
  s0 bigint not null default 0, s1 bigint not null default 0, s2 bigint not null default 0, s3 bigint not null default 0,
  s4 bigint not null default 0, s5 bigint not null default 0, s6 bigint not null default 0, s7 bigint not null default 0,
  s8 bigint not null default 0, s9 bigint not null default 0, s10 bigint not null default 0, s11 bigint not null default 0,
  s12 bigint not null default 0,
  primary key (corp_id, person_no, chunk)
);

create table audience_behaviours (
  corp_id    integer not null,
  name       text collate "C" not null,
  day        integer not null,
  chunk      integer not null,
  person_no  integer not null,
  times      integer not null,
  primary key (corp_id, name, day, person_no, chunk)
);
create index audience_behaviours_person on audience_behaviours (corp_id, person_no);
