import { useQuery } from '@tanstack/react-query'
import { api, ask } from '#shared/api/client.ts'
import { exactCount } from '#shared/format/number.ts'
import { exactTime } from '#shared/format/time.ts'
import { useWords } from '#shared/i18n/words.ts'
import { ErrorState } from '../../components/ErrorState.tsx'
import { FactList } from '../../components/FactList.tsx'
import { Panel } from '../../components/PageShape.tsx'
import { words } from './channel.words.ts'
import styles from './channels.module.css'

/** The bought quota that all acquisition links share. */
export function QuotaPanel() {
  const t = useWords(words)
  const { data, error, refetch } = useQuery({
    queryKey: ['channels', 'link-quota'],
    queryFn: () => ask(api.GET('/api/channels/link-quota')),
  })
  const quota = data?.quota
  const said = (lot: { balance: number; expires_at: string }) =>
    t('quota.lot', { count: exactCount(lot.balance), day: exactTime(lot.expires_at).slice(0, 10) })
  return (
    <Panel title={t('quota.title')}>
      {error && <ErrorState error={error} onRetry={() => void refetch()} inline />}
      {quota === null && <p className={styles.quiet}>{t('quota.none')}</p>}
      {quota && (
        <FactList
          facts={[
            { label: t('quota.balance'), value: exactCount(quota.balance) },
            { label: t('quota.used'), value: exactCount(quota.total) },
            ...(quota.lots.length === 0 ? [] : [{ label: t('quota.lots'), value: quota.lots.map(said).join('；') }]),
            { label: t('quota.asOf'), value: exactTime(quota.read_at) },
          ]}
        />
      )}
    </Panel>
  )
}
