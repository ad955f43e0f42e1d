import { useMutation } from '@tanstack/react-query'
import { Alert, App, Button } from 'antd'
import { api, ask } from '#shared/api/client.ts'
import { explain } from '../../lib/explain.ts'
import { queryClient } from '../../lib/queryClient.ts'
import { campaignsKey } from './campaign.ts'
import styles from './campaigns.module.css'
import { useKindWords } from './kind.ts'
import { RehearsalPanel, useRehearsal } from './RehearsalPanel.tsx'
import type { Step } from './spec.rules.ts'
import type { useCampaignDraft } from './useCampaignDraft.ts'
import type { SaidFault } from './useSpecFaults.ts'
import { words } from './wizard.words.ts'

/** What is still lacking, a rehearsal of it as it stands, and the way to those who approve. */
export function StepSubmit({
  draft,
  faults,
  goTo,
  onDone,
}: {
  draft: ReturnType<typeof useCampaignDraft>
  faults: readonly SaidFault[]
  goTo: (step: Step) => void
  onDone: (id: string) => void
}) {
  const t = useKindWords(words)
  const { message } = App.useApp()
  const stopping = faults.filter((fault) => fault.stops)
  const { data: plan } = useRehearsal(draft.kept?.id).plan
  const rehearsed = plan?.plan != null && draft.saving === 'kept' && plan.version === draft.kept?.version
  const submit = useMutation({
    mutationFn: async () => {
      const kept = await draft.save()
      if (kept === undefined) return undefined
      return ask(
        api.POST('/api/campaigns/{id}/submit', {
          params: { path: { id: kept.id } },
          body: { version: kept.version },
        }),
      )
    },
    onSuccess: async (answer) => {
      if (answer === undefined) return
      void message.success(t('submitted'))
      await queryClient.invalidateQueries({ queryKey: campaignsKey })
      onDone(answer.id)
    },
  })
  const failure = submit.error && explain(submit.error)
  return (
    <>
      <FaultList type="error" title={t('submit.lacking')} faults={stopping} goTo={goTo} />
      <FaultList
        type="warning"
        title={t(stopping.length > 0 ? 'submit.minded' : 'submit.hints')}
        faults={faults.filter((fault) => !fault.stops)}
        goTo={goTo}
      />
      {faults.length === 0 && <Alert type="success" showIcon title={t('submit.ready')} />}
      {stopping.length === 0 && draft.kept !== undefined && (
        <RehearsalPanel id={draft.kept.id} version={draft.saving === 'kept' ? draft.kept.version : undefined} />
      )}
      {failure && <Alert type="error" showIcon role="alert" title={failure.title} description={failure.hint} />}
      <div className={styles.acts}>
        <Button
          type="primary"
          size="large"
          disabled={stopping.length > 0 || !rehearsed}
          loading={submit.isPending}
          onClick={() => submit.mutate()}
        >
          {t('submit.button')}
        </Button>
        <span className={styles.quiet}>{t(rehearsed || stopping.length > 0 ? 'submit.how' : 'submit.first')}</span>
      </div>
    </>
  )
}

function FaultList({
  type,
  title,
  faults,
  goTo,
}: {
  type: 'error' | 'warning'
  title: string
  faults: readonly SaidFault[]
  goTo: (step: Step) => void
}) {
  const t = useKindWords(words)
  if (faults.length === 0) return null
  return (
    <Alert
      type={type}
      showIcon
      title={title}
      description={
        <ul className={styles.lacking}>
          {faults.map((fault) => (
            <li key={`${fault.field} ${fault.said}`}>
              <span>{fault.said}</span>
              <Button size="small" onClick={() => goTo(fault.step)}>
                {t(type === 'error' ? 'go.there' : 'go.look')}
              </Button>
            </li>
          ))}
        </ul>
      }
    />
  )
}
