-- Sends to groups: a group over what it may have waits until the day on which it has room again, or is dropped, as its campaign says.
-- Until when it waits; of those who were in it, how many we know and how many of these were over a limit of theirs (null: not asked).
alter table campaign_groups add column held_until timestamptz, add column known integer, add column capped integer;
