import { useMutation, useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { Alert, App, Button, Steps } from 'antd'
import { useState } from 'react'
import { api, ask } from '#shared/api/client.ts'
import { ApiError } from '#shared/api/errors.ts'
import { useWords } from '#shared/i18n/words.ts'
import { Panel } from '../../components/PageShape.tsx'
import { StepBody } from '../../components/StepBody.tsx'
import { explain } from '../../lib/explain.ts'
import { queryClient } from '../../lib/queryClient.ts'
import { type ChannelDetail, listPath } from './channel.ts'
import styles from './channels.module.css'
import { NowBox } from './NowBox.tsx'
import { ScanPreview } from './ScanPreview.tsx'
import { StepFinish } from './StepFinish.tsx'
import { StepKind } from './StepKind.tsx'
import { StepStaff } from './StepStaff.tsx'
import { StepTime } from './StepTime.tsx'
import { useDraft } from './useDraft.ts'
import { useSettled } from './useSettled.ts'
import { checkable, emptyDraft, missing, stepOf, steps } from './wizard.rules.ts'
import { words } from './wizard.words.ts'

export interface StepProps {
  draft: ReturnType<typeof useDraft>['draft']
  change: ReturnType<typeof useDraft>['change']
  /** What the server says of this field, if anything. */
  faultOf: (field: string) => string | undefined
  editing: boolean
}

export function ChannelWizard({
  editing,
  copied,
}: {
  editing: ChannelDetail | undefined
  copied: ChannelDetail | undefined
}) {
  const t = useWords(words)
  const { message } = App.useApp()
  const navigate = useNavigate()
  const from = editing ?? copied
  const state = useDraft(
    editing?.id ?? (copied === undefined ? 'new' : `copy.${copied.id}`),
    from === undefined ? emptyDraft() : { input: from.input, names: from.names },
  )
  const { draft, change } = state
  const [at, setAt] = useState(0)
  const [asked, setAsked] = useState(false)
  const step = steps[at] ?? 'finish'

  const typed = useSettled(draft.input)
  const checks = useQuery({
    queryKey: ['channels', 'check', checkable(typed)],
    queryFn: () => ask(api.POST('/api/channels/check', { body: checkable(typed) })),
    placeholderData: (before) => before,
    enabled: typed.members.length > 0,
  })
  const save = useMutation({
    mutationFn: () =>
      editing === undefined
        ? ask(api.POST('/api/channels', { body: draft.input }))
        : ask(
            api.PUT('/api/channels/{id}', {
              params: { path: { id: editing.id } },
              body: { revision: editing.revision, input: draft.input },
            }),
          ),
    onSuccess: async (made) => {
      state.saved()
      message.success(t(editing === undefined ? 'created' : 'saved'))
      await queryClient.invalidateQueries({ queryKey: ['channels'] })
      await navigate({ to: `${listPath}/${made.id}` })
    },
    onError: (error) => {
      const field = firstField(error)
      if (field !== undefined) setAt(steps.indexOf(stepOf(field)))
    },
  })
  const lacking = missing(step, draft.input)
  const faults = checks.data?.errors ?? []
  const faultOf = (field: string) => {
    const fault = faults.find((one) => one.field === field)
    return fault === undefined ? undefined : `${fault.said}。${fault.mend}`
  }
  const forward = () => {
    setAsked(lacking.length > 0)
    if (lacking.length === 0) setAt(at + 1)
  }
  const props: StepProps = { draft, change, faultOf, editing: editing !== undefined }
  return (
    <div className={styles.wizard}>
      <div className={styles.form}>
        <Panel>
          <Steps
            className={styles.steps ?? ''}
            responsive={false}
            size="small"
            current={at}
            onChange={(to) => to < at && setAt(to)}
            items={steps.map((one) => ({ title: t(`step.${one}`), status: statusOf(one) }))}
          />
          {state.restored && (
            <Alert
              className={styles.notice}
              type="info"
              showIcon
              title={t('draft.kept')}
              action={
                <Button size="small" onClick={state.drop}>
                  {t('draft.drop')}
                </Button>
              }
            />
          )}
          <StepBody name={t(`step.${step}`)} className={styles.step}>
            {step === 'kind' && <StepKind {...props} />}
            {step === 'staff' && <StepStaff {...props} />}
            {step === 'time' && <StepTime {...props} />}
            {step === 'finish' && <StepFinish {...props} />}
          </StepBody>
          {checks.data?.warnings
            .filter((warning) => stepOf(warning.field) === step)
            .map((warning) => (
              <Alert
                key={warning.said}
                className={styles.notice}
                type="warning"
                showIcon
                title={warning.said}
                description={warning.mend}
              />
            ))}
          {asked &&
            lacking.map((key) => <Alert key={key} className={styles.notice} type="error" showIcon title={t(key)} />)}
          {save.error && (
            <Alert
              className={styles.notice}
              type="error"
              showIcon
              title={explain(save.error).title}
              description={explain(save.error).hint}
            />
          )}
          <div className={styles.moves}>
            <span className={styles.quiet}>{t('draft.live')}</span>
            {at > 0 && <Button onClick={() => setAt(at - 1)}>{t('back')}</Button>}
            {at < steps.length - 1 ? (
              <Button type="primary" onClick={forward}>
                {t('next')}
              </Button>
            ) : (
              <Button type="primary" loading={save.isPending} onClick={() => save.mutate()}>
                {t(editing === undefined ? 'save.create' : 'save.edit')}
              </Button>
            )}
          </div>
        </Panel>
      </div>
      <aside className={styles.side}>
        <ScanPreview input={draft.input} desk={checks.data?.desk} />
        <NowBox desk={checks.data?.desk} overshoot={checks.data?.overshoot_per_minute ?? 0} error={checks.error} />
      </aside>
    </div>
  )

  function statusOf(one: (typeof steps)[number]): 'error' | 'finish' | 'process' | 'wait' {
    const place = steps.indexOf(one)
    if (faults.some((fault) => stepOf(fault.field) === one)) return 'error'
    return place < at ? 'finish' : place === at ? 'process' : 'wait'
  }
}

/** The field that a refusal of the server names first. */
function firstField(error: unknown): string | undefined {
  if (!(error instanceof ApiError) || typeof error.details !== 'object' || error.details === null) return undefined
  const details = error.details as { faults?: { field: string }[]; fields?: { field: string }[] }
  return details.faults?.[0]?.field ?? details.fields?.[0]?.field.replace(/^input\./, '').split('.')[0]
}
