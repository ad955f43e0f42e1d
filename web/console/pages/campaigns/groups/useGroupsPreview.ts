import { useQuery } from '@tanstack/react-query'
import { api, ask } from '#shared/api/client.ts'
import { useSettled } from '../../channels/useSettled.ts'
import { campaignsKey, type DraftSpec } from '../campaign.ts'
import { savable } from '../spec.rules.ts'

/** Which groups it would reach as it is written, and what that costs their owners: a moment after the last change. */
export function useGroupsPreview(spec: DraftSpec) {
  const typed = useSettled(JSON.stringify(decisive(spec)), 400)
  return useQuery({
    queryKey: [...campaignsKey, 'groups-preview', typed],
    queryFn: ({ signal }) =>
      ask(api.POST('/api/campaigns/groups-preview', { body: { spec: JSON.parse(typed), campaign: null }, signal })),
    placeholderData: (before) => before,
    retry: false,
  })
}

/** Without what does not decide of it: typing the text asks for nothing. */
function decisive(spec: DraftSpec) {
  return {
    ...savable(spec),
    ...{ goal: null, variants: [{ name: 'A', content: { text: '', attachments: [] }, for: null, share: 100 }] },
  }
}
