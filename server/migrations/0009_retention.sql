-- What retention finds old effects by: a few pages, as they are written in the order of time.
create index effects_claimed on effects using brin (claimed_at);
