-- WeChat accounts of a brand beside WeCom: its Official Accounts and mini programs, what they call us back with, and how
-- each person stands to them.

create table weixin_accounts (
  id                   uuid primary key,
  corp_id              integer not null,
  kind                 text not null check (kind in ('official_account', 'mini_program')),
  appid                text not null,
  name                 text not null,
  secret_sealed        bytea not null,
  -- of its callback address; without the key messages come in plain text
  token_sealed         bytea,
  aes_key_sealed       bytea,
  -- shared by all processes, as the tokens of apps are
  access_token_sealed  bytea,
  access_token_ends    timestamptz,
  -- why the secret is not used until a person changes it
  circuit_reason       text,
  verified_at          timestamptz,
  created_at           timestamptz not null,
  unique (corp_id, appid)
);

-- What accounts were called back with: acknowledged only once it stands here, handled afterwards. One row an event,
-- however often it is delivered; kinds that we do not know are kept too.
create table weixin_callbacks (
  id           bigint generated always as identity primary key,
  corp_id      integer not null,
  account_id   uuid not null,
  -- first 16 bytes of SHA-256 of what makes two deliveries the same
  key          bytea not null,
  kind         text not null,
  openid       text not null,
  created_at   timestamptz not null,
  received_at  timestamptz not null,
  handled_at   timestamptz,
  -- the decrypted document
  body         text not null,
  unique (account_id, key)
);
create index weixin_callbacks_waiting on weixin_callbacks (account_id, id) where handled_at is null;
create index weixin_callbacks_openid on weixin_callbacks (openid);
create index weixin_callbacks_recent on weixin_callbacks (corp_id, received_at desc);

-- How the home of an openid stands to its account. Each moment is a register that only moves forward, so that the order
-- in which we hear of things does not matter.
create table weixin_people (
  customer_id    bigint not null,
  account_id     uuid not null,
  corp_id        integer not null,
  openid         text not null,
  -- the latest follow and what led to it; he follows while it is later than the latest end
  followed_at    timestamptz,
  scene          text,
  qr_scene       text,
  ended_at       timestamptz,
  scanned_at     timestamptz,
  scanned_scene  text,
  wrote_at       timestamptz,
  visited_at     timestamptz,
  visits         integer not null default 0,
  -- when what the platform says of him is to be read (machine time), and was
  info_due_at    timestamptz,
  info_at        timestamptz,
  primary key (customer_id, account_id)
);
create index weixin_people_info on weixin_people (account_id, info_due_at) where info_due_at is not null;
