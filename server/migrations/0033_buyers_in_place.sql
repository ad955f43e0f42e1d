-- A new order is added to its buyer's row where it stands: with room left on the page no index is touched. Pages of before
-- get theirs as their rows change.
alter table audience_buyers set (fillfactor = 85);
