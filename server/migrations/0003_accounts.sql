-- Accounts, sessions, locks on log-in, and the audit log.

-- corp_id null: an administrator of the installation, who may work in every corp and exists before the first is connected.
create table accounts (
  id                 uuid primary key,
  corp_id            integer references corps (id),
  username           text not null unique check (username = lower(username) and length(username) between 2 and 64),
  name               text not null check (length(name) between 1 and 64),
  role               text not null check (role in ('administrator', 'operator', 'store_manager', 'guide', 'auditor')),
  scope_kind         text not null check (scope_kind in ('corp', 'region', 'store', 'self')),
  scope_departments  integer[] not null default '{}',
  scope_stores       uuid[] not null default '{}',
  -- the member of the corp who logs in by scan, and whose own customers the scope `self` means
  wecom_userid       text,
  -- argon2id; null: this account enters by WeCom only
  password_hash      text,
  locale             text not null default 'zh' check (locale in ('zh', 'en')),
  disabled_at        timestamptz,
  created_at         timestamptz not null,
  created_by         text not null,
  check (scope_kind <> 'self' or wecom_userid is not null),
  check (corp_id is not null or (role = 'administrator' and scope_kind = 'corp' and wecom_userid is null))
);
create unique index accounts_wecom on accounts (corp_id, wecom_userid) where wecom_userid is not null;
create index accounts_list on accounts (corp_id, created_at desc, id desc);

-- Machine time throughout: a sandbox's clock that runs a month a minute must not end sessions.
create table sessions (
  id           uuid primary key,
  -- SHA-256 of the cookie's value; the value itself is nowhere
  token_hash   bytea not null unique,
  account_id   uuid not null references accounts (id) on delete cascade,
  -- the corp that an administrator of the installation works in; null: his account's own, or the first
  corp_id      integer references corps (id),
  method       text not null check (method in ('password', 'wecom')),
  ip           text not null,
  user_agent   text not null,
  created_at   timestamptz not null default now(),
  seen_at      timestamptz not null default now()
);
create index sessions_account on sessions (account_id, seen_at desc);

-- Failed log-ins, one row an account name (known or not) and an address; a row idle for a day counts for nothing.
create table login_locks (
  kind          text not null check (kind in ('account', 'ip')),
  -- SHA-256 of the name or address
  key           bytea not null,
  failures      integer not null,
  failed_at     timestamptz not null,
  locked_until  timestamptz,
  primary key (kind, key)
);

-- Who did and saw what. Each row carries the hash of the one before it in its corp (0: the installation).
create table audit_entries (
  corp_id       integer not null,
  seq           bigint not null,
  at            timestamptz not null,
  account_id    uuid,
  account_name  text not null,
  role          text not null,
  action        text not null,
  outcome       text not null check (outcome in ('done', 'refused')),
  object_kind   text not null,
  object_id     text,
  -- what it was before and is after, reason; never secrets or personal data
  summary       jsonb not null default '{}',
  ip            text not null,
  user_agent    text not null,
  request_id    text not null,
  previous      bytea not null,
  hash          bytea not null,
  primary key (corp_id, seq)
);
create index audit_entries_account on audit_entries (corp_id, account_id, seq desc);
create index audit_entries_action on audit_entries (corp_id, action, seq desc);
create index audit_entries_object on audit_entries (corp_id, object_kind, object_id, seq desc);

-- The end of each corp's chain; its row lock puts writers in order.
create table audit_heads (
  corp_id  integer primary key,
  seq      bigint not null,
  hash     bytea not null
);

create function audit_entries_append_only() returns trigger language plpgsql as $$
begin
  raise exception 'audit_entries is append-only' using errcode = 'insufficient_privilege';
end
$$;
create trigger audit_entries_keep before update or delete on audit_entries
  for each row execute function audit_entries_append_only();
create trigger audit_entries_keep_all before truncate on audit_entries
  for each statement execute function audit_entries_append_only();
