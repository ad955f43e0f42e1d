-- Every touch of a person that is known of, and beside it what the governor reads of many persons at once
-- (docs/decisions/0038-touches-as-rows-and-arrays.md).

create table touches (
  customer_id  bigint not null,
  at           timestamptz not null,
  -- the effect that sent it, or the message's id where another system sent: the same touch comes once
  effect       text not null,
  corp_id      integer not null,
  channel      text not null,
  kind         text not null check (kind in ('marketing', 'service')),
  campaign_id  uuid,
  -- the member in whose name it went; null where an account spoke
  sender       text,
  -- what it adds to the fatigue index, in hundredths
  weight       smallint not null check (weight between 0 and 1000),
  primary key (customer_id, at, effect)
) partition by range (at);
create table touches_default partition of touches default;

-- The marketing touches of a home in the 31 days before its latest, newest first: second × 65536 + weight × 64 + channel.
-- Room is left in each page: a row that grows in place needs no new entry in the index.
create table recent_touches (
  customer_id  bigint primary key,
  corp_id      integer not null,
  latest       bigint[] not null
) with (fillfactor = 80);

-- Whatever order touches come in, the same are kept.
create function fold_touches(held bigint[], given bigint[]) returns bigint[] language sql immutable parallel safe as
$$ select array(
     select touch from unnest(held || given) as touch
     where touch >> 16 > (select max(newest >> 16) from unnest(held || given) as newest) - 2678400
     order by touch desc) $$;
