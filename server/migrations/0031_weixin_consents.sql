-- What people answered when a mini program or an Official Account asked to send them messages of a template, what they
-- changed in their settings, and what became of each message. Facts, one row each: how often somebody agreed and whether
-- he still does is counted on reading, so that the order in which we hear of things does not matter.

create table weixin_consents (
  customer_id  bigint not null,
  account_id   uuid not null,
  corp_id      integer not null,
  template_id  text not null,
  -- accepted and rejected: his answer; refused: in his settings; sent and failed: one message
  kind         text not null check (kind in ('accepted', 'rejected', 'refused', 'sent', 'failed')),
  at           timestamptz not null,
  -- of a message its id, else empty: two answers to one template in one second are one
  number       text not null,
  -- why a message failed
  reason       text,
  primary key (customer_id, account_id, template_id, kind, at, number)
);
create index weixin_consents_template on weixin_consents (account_id, template_id);

-- What an account's templates are called, read when one is first heard of.
create table weixin_templates (
  account_id   uuid not null,
  template_id  text not null,
  title        text,
  -- machine time; null: not read yet
  read_at      timestamptz,
  primary key (account_id, template_id)
);
