-- The published demo password must not open a real brand: whoever still has it may do nothing but change it.
alter table accounts add column must_change_password boolean not null default false;
