-- Orders stand in a partition a month. With one key over all years every new order touched another page of it, and each of
-- these pages was read, and after a checkpoint logged as a whole; the key of a month stays in memory. What is there stays
-- where it is, as the remainder; its key is made anew.
alter table orders rename to orders_default;
alter table orders_default drop constraint orders_pkey;
alter index orders_recent rename to orders_default_recent;
-- an order's number is found by order_keys
drop index orders_number;
create table orders (like orders_default including defaults including constraints) partition by range (ordered_at);
alter table orders add constraint orders_pkey primary key (customer_id, id, ordered_at);
create index orders_recent on orders (corp_id, ordered_at desc, id desc);
alter table orders attach partition orders_default default;
