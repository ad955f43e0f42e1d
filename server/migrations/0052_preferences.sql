-- What people say of themselves on the page of their preferences.

-- By which way the wish came: a colleague noted it, or the customer himself came by his own signed link or by WeChat's
-- silent log-in.
alter table touch_wishes add column through text not null default 'account' check (through in ('account', 'link', 'oauth'));

-- Whether somebody wants to be addressed by what is known of him; over all homes of a person the latest counts.
create table personalisation_wishes (
  customer_id   bigint not null,
  at            timestamptz not null,
  corp_id       integer not null,
  personalised  boolean not null,
  through       text not null check (through in ('account', 'link', 'oauth')),
  noted_by      uuid,
  reason        text not null default '',
  primary key (customer_id, at)
);
create index personalisation_wishes_refused on personalisation_wishes (corp_id) where not personalised;
