-- What rules ask of all orders of a person is kept as bits too: the days of the latest five, their number and their sum by
-- binary digits. They are made from `audience_buyers` when bits are folded; who bought since stands here, and is answered
-- from the row.
create table audience_bought (
  corp_id    integer not null,
  chunk      integer not null,
  person_no  integer not null,
  primary key (corp_id, person_no, chunk)
);

-- Sums of thirty-day periods are kept as what was bought since each period began, so that a window is one number and not
-- twelve. What was bought since period p stands at p % 13; only the thirteen periods up to `period` are valid.
create table audience_buyers_new (
  corp_id    integer not null,
  chunk      integer not null,
  person_no  integer not null,
  orders     integer not null,
  period     integer not null,
  net        bigint not null,
  d1 integer, d2 integer, d3 integer, d4 integer, d5 integer,
  t0 integer not null, t1 integer not null, t2 integer not null, t3 integer not null, t4 integer not null,
  t5 integer not null, t6 integer not null, t7 integer not null, t8 integer not null, t9 integer not null,
  t10 integer not null, t11 integer not null, t12 integer not null
);
insert into audience_buyers_new
select corp_id, chunk, person_no, orders, period, net, d1, d2, d3, d4, d5,
  since[1], since[2], since[3], since[4], since[5], since[6], since[7], since[8], since[9], since[10], since[11], since[12], since[13]
from audience_buyers, lateral (
  select array_agg(tail order by slot) as since from (
    select slot, least(2147483647, (select sum(spent) from unnest(array[s0, s1, s2, s3, s4, s5, s6, s7, s8, s9, s10, s11, s12])
      with ordinality as sums(spent, place) where (period - place + 1) % 13 <= (period - slot) % 13))::int as tail
    from generate_series(0, 12) slot) tails) summed;
drop table audience_buyers;
alter table audience_buyers_new rename to audience_buyers;
alter table audience_buyers add constraint audience_buyers_pkey primary key (corp_id, person_no, chunk);

insert into audience_bought select corp_id, chunk, person_no from audience_buyers;
