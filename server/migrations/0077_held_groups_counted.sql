-- How many of a send's groups' customers are over a limit is counted over all of its groups, each person once: it stands in the
-- run's plan, and no group has numbers of its own.
alter table campaign_groups drop column known, drop column capped;
