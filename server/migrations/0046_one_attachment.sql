-- Welcomes and mass sends write an attachment alike: its asset as asset_id, and a link with its description and picture,
-- which may be empty. Rewrites welcome_versions, of which a brand has hundreds.

update welcome_versions v
set bands = (
  select jsonb_agg(jsonb_set(band, '{content,attachments}', (
    select coalesce(jsonb_agg(
      case
        when one ? 'assetId' then (one - 'assetId') || jsonb_build_object('asset_id', one->'assetId')
        when one->>'kind' = 'link' then '{"desc": "", "picurl": ""}'::jsonb || one
        else one
      end order by place), '[]')
    from jsonb_array_elements(band->'content'->'attachments') with ordinality as a(one, place)
  )) order by at)
  from jsonb_array_elements(v.bands) with ordinality as b(band, at)
)
where jsonb_path_exists(v.bands, '$[*].content.attachments[*]');

-- Those that were claimed and not settled when the server stopped.
update effects set detail = replace(detail::text, '"assetId"', '"asset_id"')::jsonb
where kind = 'welcome' and state = 'claimed' and strpos(detail::text, '"assetId"') > 0;
