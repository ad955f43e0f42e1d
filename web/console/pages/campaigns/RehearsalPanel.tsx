import { useMutation, useQuery } from '@tanstack/react-query'
import { Alert, Button, Spin } from 'antd'
import { api, ask } from '#shared/api/client.ts'
import { explain } from '../../lib/explain.ts'
import { queryClient } from '../../lib/queryClient.ts'
import { useMay } from '../../lib/session.ts'
import { campaignKey } from './campaign.ts'
import styles from './campaigns.module.css'
import { useKindWords } from './kind.ts'
import { PlanView } from './PlanView.tsx'
import { words } from './plan.words.ts'

/** The latest rehearsal of a campaign; it is followed while it is worked out. */
export function useRehearsal(id: string | undefined) {
  const { data: campaign } = useQuery({
    queryKey: campaignKey(id ?? ''),
    queryFn: () => ask(api.GET('/api/campaigns/{id}', { params: { path: { id: id ?? '' } } })),
    enabled: id !== undefined,
  })
  const rehearsal = campaign?.runs.find((run) => run.rehearsal)
  const plan = useQuery({
    queryKey: [...campaignKey(id ?? ''), 'plan', rehearsal?.id],
    queryFn: () =>
      ask(
        api.GET('/api/campaigns/{id}/runs/{run}/plan', { params: { path: { id: id ?? '', run: rehearsal?.id ?? 0 } } }),
      ),
    enabled: rehearsal !== undefined,
    refetchInterval: ({ state }) => (state.data?.state === 'planning' ? 1_000 : false),
  })
  return { campaign, rehearsal, plan }
}

/** What a campaign would do as it is at this version: worked out on wish, and shown as it was worked out last. */
export function RehearsalPanel({ id, version }: { id: string; version: number | undefined }) {
  const t = useKindWords(words)
  const mayWrite = useMay('campaigns.write')
  const { campaign, rehearsal, plan } = useRehearsal(id)
  const rehearse = useMutation({
    mutationFn: () => ask(api.POST('/api/campaigns/{id}/rehearse', { params: { path: { id } } })),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: campaignKey(id) }),
  })
  const failure = rehearse.error && explain(rehearse.error)
  const running = rehearse.isPending || plan.data?.state === 'planning'
  const stale = plan.data !== undefined && version !== undefined && plan.data.version !== version
  return (
    <section className={styles.stack} aria-label={t('plan.title')}>
      <div className={styles.boxHead}>
        <h2 className={styles.heading}>{t('plan.title')}</h2>
        {mayWrite && campaign?.state !== 'ended' && campaign?.state !== 'cancelled' && (
          <Button
            type={plan.data === undefined || stale ? 'primary' : 'default'}
            disabled={version === undefined}
            loading={running}
            onClick={() => rehearse.mutate()}
          >
            {t(rehearsal === undefined ? 'plan.run' : 'plan.again')}
          </Button>
        )}
      </div>
      <p className={styles.quiet}>{t('plan.how')}</p>
      {failure && <Alert type="error" showIcon role="alert" title={failure.title} description={failure.hint} />}
      {plan.data?.state === 'failed' && <Alert type="error" showIcon title={t('plan.failed')} />}
      {plan.data?.audience_known === false && (
        <Alert type="warning" showIcon role="status" title={t('plan.unknown')} description={t('plan.unknown.how')} />
      )}
      {stale && !running && <Alert type="warning" showIcon title={t('plan.stale', { version: plan.data.version })} />}
      {running && (
        <p className={styles.quiet} role="status">
          <Spin size="small" /> {t('plan.running')}
        </p>
      )}
      {!running && plan.data?.plan && <PlanView plan={plan.data.plan} />}
    </section>
  )
}
