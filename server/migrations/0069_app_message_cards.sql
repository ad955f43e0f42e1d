-- Messages to staff as cards with buttons: of any kind whose template has some, and of those that are cards by nature, such
-- as the asking for an approval, which go over the same desks and within the same budget.

-- What stands below the words of a kind: [{"does": "acknowledge" | "done" | "open", "text", "url"}].
alter table app_message_templates add column buttons jsonb not null default '[]';

-- What is told as this card and never as a line among others, as message/send takes it.
alter table app_messages add column card jsonb;

-- The card that a call carried, by the name under which the platform takes it once, and what its member tapped: once.
alter table app_message_sends
  add column task_id text,
  add column tapped_at timestamptz,
  add column tapped_key text,
  -- what stands in place of the buttons since
  add column tap_outcome text;
create unique index app_message_sends_task on app_message_sends (corp_id, task_id) where task_id is not null;
