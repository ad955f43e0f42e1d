import { useQuery } from '@tanstack/react-query'
import { Navigate, useParams } from '@tanstack/react-router'
import { api, ask } from '#shared/api/client.ts'
import { ErrorState } from '../../components/ErrorState.tsx'
import { Loading } from '../../components/Loading.tsx'
import { PageShape } from '../../components/PageShape.tsx'
import { useUrl } from '../../lib/useUrl.ts'
import { CampaignWizard } from './CampaignWizard.tsx'
import { campaignKey, type DraftSpec } from './campaign.ts'
import { KindContext, kindPaths, useKind, useKindOfPage, useKindWords } from './kind.ts'
import { newSpec } from './spec.rules.ts'
import { words } from './wizard.words.ts'

/** Makes a campaign, or writes the next version of one (`/$id/edit`). */
export function CampaignWizardPage() {
  const kind = useKindOfPage()
  return (
    <KindContext value={kind}>
      <Editor />
    </KindContext>
  )
}

function Editor() {
  const t = useKindWords(words)
  const kind = useKind()
  const [url] = useUrl()
  const { id }: { id?: string } = useParams({ strict: false })
  const { data, error, refetch } = useQuery({
    queryKey: [...campaignKey(id ?? ''), 'edit'],
    queryFn: () => ask(api.GET('/api/campaigns/{id}', { params: { path: { id: id ?? '' } } })),
    enabled: id !== undefined,
    // the form must not change under the reader's hands
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
  })
  if (data && data.kind !== kind) return <Navigate to={`${kindPaths[data.kind]}/${data.id}/edit`} replace />
  return (
    <PageShape
      title={id === undefined ? t('title.new') : t('title.edit', { name: data?.name ?? '' })}
      purpose={t('purpose')}
    >
      {error && !data && <ErrorState error={error} onRetry={() => void refetch()} />}
      {id !== undefined && !error && !data && <Loading rows={10} />}
      {id === undefined && (
        <CampaignWizard start={{ name: '', spec: fromAddress(newSpec(kind), url['chats']) }} kept={undefined} />
      )}
      {data && (
        <CampaignWizard
          key={data.id}
          start={{ name: data.name, spec: data.spec }}
          kept={{ id: data.id, version: data.version }}
        />
      )}
    </PageShape>
  )
}

/** The groups that were ticked in the list of groups. */
function fromAddress(spec: DraftSpec, chats: string | undefined): DraftSpec {
  if (spec.groups === undefined || chats === undefined) return spec
  return { ...spec, groups: { ...spec.groups, chats: chats.split(',') } }
}
