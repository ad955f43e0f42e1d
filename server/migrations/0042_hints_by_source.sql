-- Each source's word about a phone stands for itself: when a member corrects what he noted, his word is taken back, and an
-- order that says the same still does. Makes the key anew and locks the table for it: about 3 s for a million hints.
alter table identity_hints drop constraint identity_hints_pkey;
alter table identity_hints add primary key (value, kind, corp_id, customer_id, source);
