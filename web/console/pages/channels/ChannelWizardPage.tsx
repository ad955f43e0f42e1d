import { useQuery } from '@tanstack/react-query'
import { useParams } from '@tanstack/react-router'
import { api, ask } from '#shared/api/client.ts'
import { useWords } from '#shared/i18n/words.ts'
import { ErrorState } from '../../components/ErrorState.tsx'
import { Loading } from '../../components/Loading.tsx'
import { PageShape } from '../../components/PageShape.tsx'
import { useUrl } from '../../lib/useUrl.ts'
import { ChannelWizard } from './ChannelWizard.tsx'
import { channelKey } from './channel.ts'
import { words } from './wizard.words.ts'

/** Creates a channel, copies one (`?copy=<id>`), or edits one (`/$id/edit`). */
export function ChannelWizardPage() {
  const t = useWords(words)
  const params: { id?: string } = useParams({ strict: false })
  const [url] = useUrl()
  const source = params.id ?? url['copy']
  const { data, error, refetch } = useQuery({
    queryKey: channelKey(source ?? ''),
    queryFn: () => ask(api.GET('/api/channels/{id}', { params: { path: { id: source ?? '' } } })),
    enabled: source !== undefined,
    // the form must not change under the reader's hands
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
  })
  const title = params.id === undefined ? t('wizard.create') : t('wizard.edit', { name: data?.name ?? '' })
  return (
    <PageShape title={title} purpose={t('wizard.purpose')}>
      {source !== undefined && error && <ErrorState error={error} onRetry={() => void refetch()} />}
      {source !== undefined && !error && !data && <Loading rows={8} />}
      {(source === undefined || data) && (
        <ChannelWizard
          key={source ?? 'new'}
          editing={params.id === undefined ? undefined : data}
          copied={params.id === undefined ? data : undefined}
        />
      )}
    </PageShape>
  )
}
