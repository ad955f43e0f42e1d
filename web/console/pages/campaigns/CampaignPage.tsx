import { useQuery } from '@tanstack/react-query'
import { Navigate, useParams } from '@tanstack/react-router'
import { Tabs } from 'antd'
import { api, ask } from '#shared/api/client.ts'
import { ErrorState } from '../../components/ErrorState.tsx'
import { Loading } from '../../components/Loading.tsx'
import { PageShape } from '../../components/PageShape.tsx'
import { useUrl } from '../../lib/useUrl.ts'
import { AboutTab } from './AboutTab.tsx'
import { CampaignActs } from './CampaignActs.tsx'
import { type CampaignDetail, campaignKey } from './campaign.ts'
import { words } from './detail.words.ts'
import { KindContext, kindPaths, useKindOfPage, useKindWords } from './kind.ts'
import { kindParts } from './kinds.tsx'
import { RunTab } from './RunTab.tsx'
import { StateTag } from './StateTag.tsx'

const tabs = ['about', 'run', 'people', 'report'] as const

/** One campaign from its plan to its review. */
export function CampaignPage() {
  const { id = '' }: { id?: string } = useParams({ strict: false })
  const [url] = useUrl()
  const kind = useKindOfPage()
  const { data, error, refetch } = useQuery({
    queryKey: campaignKey(id),
    queryFn: () => ask(api.GET('/api/campaigns/{id}', { params: { path: { id } } })),
    refetchInterval: 5_000,
  })
  if (error && !data) return <ErrorState error={error} onRetry={() => void refetch()} />
  if (!data) return <Loading rows={10} />
  // alarms and cards know its id only
  if (data.kind !== kind) return <Navigate to={`${kindPaths[data.kind]}/${id}`} search={url} replace />
  return (
    <KindContext value={data.kind}>
      <One data={data} />
    </KindContext>
  )
}

function One({ data }: { data: CampaignDetail }) {
  const t = useKindWords(words)
  const { Named, Report } = kindParts[data.kind]
  const [url, changeUrl] = useUrl()
  const tab = tabs.find((one) => one === url['tab']) ?? 'about'
  return (
    <PageShape
      title={data.name}
      purpose={
        <>
          <StateTag state={data.state} /> {t('purpose')}
        </>
      }
      action={<CampaignActs campaign={data} />}
    >
      <Tabs
        activeKey={tab}
        onChange={(key) => changeUrl({ tab: key === 'about' ? undefined : key, run: url['run'] })}
        items={tabs.map((key) => ({ key, label: t(`tab.${key}`) }))}
      />
      {tab === 'about' && <AboutTab campaign={data} />}
      {tab === 'run' && <RunTab campaign={data} />}
      {tab === 'report' && <Report campaign={data} />}
      {tab === 'people' && <Named campaign={data} />}
    </PageShape>
  )
}
