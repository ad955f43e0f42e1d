-- Whom a code brought on a day, for its limits: half adds at once, a full add only if no half add of it was counted.
-- Adds a constant column (no rewrite); fills it in some thousand rows, one a channel, member and day.
alter table channel_days add column brought integer not null default 0;
update channel_days set brought = adds where adds > 0;
