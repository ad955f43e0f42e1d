import { useMutation } from '@tanstack/react-query'
import { Alert, App, Button } from 'antd'
import { useState } from 'react'
import { api, ask } from '#shared/api/client.ts'
import { useWords } from '#shared/i18n/words.ts'
import { Panel } from '../../../components/PageShape.tsx'
import { explain } from '../../../lib/explain.ts'
import { queryClient } from '../../../lib/queryClient.ts'
import { useMay } from '../../../lib/session.ts'
import { campaignKey, type Report } from '../campaign.ts'
import styles from '../campaigns.module.css'
import { ChannelsTable } from './ChannelsTable.tsx'
import { Compared } from './Compared.tsx'
import { ComparisonForm } from './ComparisonForm.tsx'
import { words } from './words.ts'

/** Other channels beside a run (SC4): their ways, and three comparisons of which only one is proof. */
export function ChannelsPanel({ report, run }: { report: Report; run: { id: number; planned_for: string } }) {
  const t = useWords(words)
  const { message } = App.useApp()
  const mayWrite = useMay('campaigns.write')
  const [adding, setAdding] = useState(false)
  const { id } = report.campaign
  const again = () => queryClient.invalidateQueries({ queryKey: [...campaignKey(id), 'report'] })
  const remove = useMutation({
    mutationFn: (comparison: string) =>
      ask(
        api.DELETE('/api/campaigns/{id}/runs/{run}/comparisons/{comparison}', {
          params: { path: { id, run: run.id, comparison } },
        }),
      ),
    onSuccess: async () => {
      await again()
      void message.success(t('removed'))
    },
  })
  const failure = remove.error && explain(remove.error)
  const shown = report.side_by_side
  return (
    <Panel title={t('title')} aside={mayWrite && <Button onClick={() => setAdding(true)}>{t('add')}</Button>}>
      {failure && <Alert type="error" showIcon role="alert" title={failure.title} description={failure.hint} />}
      {shown === null ? (
        <p className={styles.quiet}>{t('none')}</p>
      ) : (
        <>
          <ChannelsTable shown={shown} onRemove={mayWrite ? (key) => remove.mutate(key) : undefined} />
          {shown.comparisons.map((one) => (
            <Compared key={one.key} one={one} definitions={shown.definitions} />
          ))}
        </>
      )}
      {adding && (
        <ComparisonForm
          campaignId={id}
          run={run.id}
          began={run.planned_for}
          onClose={() => setAdding(false)}
          onAdded={again}
        />
      )}
    </Panel>
  )
}
