-- How the brand was called when a version was submitted: its texts read so, and another name is another text. Null: submitted before.
alter table campaign_versions add column brand text;
