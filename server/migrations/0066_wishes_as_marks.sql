-- What customers asked for is a condition of audiences from now on: where somebody asked already, everybody is walked once
-- more at the next upkeep, as after a reading of all people.

update audience_settings a set reconciled_at = null
where exists (select from touch_wishes w where w.corp_id = a.corp_id)
  or exists (select from personalisation_wishes w where w.corp_id = a.corp_id);
