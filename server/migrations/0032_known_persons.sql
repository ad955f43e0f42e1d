-- Persons whom no member ever added are listed and found, and so are those who left. Each index holds only the few rows
-- that its list is of; building them reads `customers` and `relations` once. The new column is empty and rewrites nothing.

-- Roots of whom the platform never showed anything: known by an order, an Official Account or an import alone.
create index customers_unmet on customers (corp_id, id) where kind is null and merged_into is null and erased_at is null;

-- A keyed fingerprint of the imported name, to be found by the whole name.
alter table imported_customers add column name_index bytea;
create index imported_customers_name on imported_customers (name_index) where name_index is not null;
-- Names from before there were fingerprints: filled in the background.
create index imported_customers_unindexed on imported_customers (customer_id) where name_sealed is not null and name_index is null;

-- Relations that a customer or a member ended, the latest first.
create index relations_ended on relations (corp_id, ended_at, customer_id, userid) where status = 'ended';
