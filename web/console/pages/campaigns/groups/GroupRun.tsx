import { useQuery } from '@tanstack/react-query'
import { api, ask } from '#shared/api/client.ts'
import { type CampaignDetail, campaignKey, type Run } from '../campaign.ts'
import { GaveWay } from './GaveWay.tsx'
import { GroupParts } from './GroupParts.tsx'

/** A run as it goes on, by owner: and which groups it gave up to sends of higher priority. */
export function GroupRun({ campaign, run }: { campaign: CampaignDetail; run: Run }) {
  const { data } = useQuery({
    queryKey: [...campaignKey(campaign.id), 'plan', run.id],
    queryFn: () =>
      ask(api.GET('/api/campaigns/{id}/runs/{run}/plan', { params: { path: { id: campaign.id, run: run.id } } })),
  })
  return (
    <>
      {data?.plan && <GaveWay plan={data.plan} />}
      <GroupParts campaignId={campaign.id} run={run} />
    </>
  )
}
