-- Long windows of orders are counted person by person, in the order of the index and from the index alone.
drop index audience_orders_person;
create index audience_orders_person on audience_orders (corp_id, person_no, day) include (net);
