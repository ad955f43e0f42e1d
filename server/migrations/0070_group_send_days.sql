-- A group's day: a send of higher priority takes it, and the lower is told which.
alter table campaign_groups add column gave_way_to uuid;

-- A campaign that repeats may go out several times a day: a few thousand rows at most.
update campaign_versions
set spec = jsonb_set(spec #- '{schedule,minute}', '{schedule,minutes}', jsonb_build_array(spec->'schedule'->'minute'))
where spec->'schedule' ? 'minute';
