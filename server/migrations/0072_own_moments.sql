-- Moments that members publish by themselves (93333, create_type 1) stand beside their own mass sends, and how far the
-- platform's lists of each kind were read is kept: a list that breaks off goes on where it was.
alter table own_sends rename column chat_type to kind;
alter table own_sends drop constraint own_sends_chat_type_check;
alter table own_sends add constraint own_sends_kind_check check (kind in ('single', 'group', 'moment'));

create table own_listings (
  corp_id       integer not null,
  kind          text not null check (kind in ('single', 'group', 'moment')),
  -- business time up to which everything that was listed is known
  listed_until  timestamptz not null,
  -- business time of the latest look that reached days back
  swept_at      timestamptz not null,
  primary key (corp_id, kind)
);
insert into own_listings (corp_id, kind, listed_until, swept_at)
select corp_id, kind, max(made_at), max(made_at) from own_sends group by corp_id, kind;
