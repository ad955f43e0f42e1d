-- What tells a stale reading of a group is the version that the newest callback named, not the one before it.
alter table groups rename column stale_version to told_version;
