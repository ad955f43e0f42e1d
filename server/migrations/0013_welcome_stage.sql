-- A wording may be for new customers or for returning ones; what there is is for both.
-- Rewrites `welcome_versions`, a table of configuration: some hundred rows, however many customers.
update welcome_versions v
set bands = (select jsonb_agg(b.band || '{"stage": "both"}' order by b.place)
             from jsonb_array_elements(v.bands) with ordinality as b (band, place))
where jsonb_array_length(v.bands) > 0;
