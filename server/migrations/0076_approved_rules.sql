-- What the rules of an approved version rested on when it was submitted: {links, tags, stages}, each null where it reads none;
-- the domain as it was, the rules as prints. Null: submitted before.
alter table campaign_versions add column rests_on jsonb;
