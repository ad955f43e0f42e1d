import { ArrowDownOutlined, ArrowUpOutlined, DeleteOutlined } from '@ant-design/icons'
import { useMutation, useQuery } from '@tanstack/react-query'
import { Alert, App, Button, Drawer, Input } from 'antd'
import { useState } from 'react'
import { api, ask } from '#shared/api/client.ts'
import { exactCount } from '#shared/format/number.ts'
import { useWords } from '#shared/i18n/words.ts'
import { ErrorState } from '../../components/ErrorState.tsx'
import { Loading } from '../../components/Loading.tsx'
import { explain } from '../../lib/explain.ts'
import { queryClient } from '../../lib/queryClient.ts'
import { lifeCycleKey } from './lifeCycle.ts'
import styles from './lifecycle.module.css'
import { RuleEditor } from './RuleEditor.tsx'
import { freshId, newCondition, ruleOf, type Stage } from './stageRules.ts'
import { words } from './words.ts'

/** The stages with their rules, edited as a whole: saving makes a version. */
export function StagesDrawer({ onClose }: { onClose: () => void }) {
  const t = useWords(words)
  const { data, error, refetch } = useQuery({
    queryKey: [...lifeCycleKey, 'current'],
    queryFn: () => ask(api.GET('/api/life-cycle')),
    refetchOnWindowFocus: false,
  })
  return (
    <Drawer open size={940} title={t('editor.title')} onClose={onClose}>
      {error && !data && <ErrorState error={error} onRetry={() => void refetch()} />}
      {!data && !error && <Loading rows={8} />}
      {data && <Editing key={data.version} version={data.version} stages={data.stages} onClose={onClose} />}
    </Drawer>
  )
}

function Editing({ version, stages, onClose }: { version: number; stages: readonly Stage[]; onClose: () => void }) {
  const t = useWords(words)
  const { message } = App.useApp()
  const [draft, setDraft] = useState<Stage[]>([...stages])
  const [note, setNote] = useState('')
  const preview = useMutation({
    mutationFn: () => ask(api.POST('/api/life-cycle/preview', { body: { stages: draft } })),
  })
  const save = useMutation({
    mutationFn: () => ask(api.PUT('/api/life-cycle', { body: { version, stages: draft, note } })),
    onSuccess: async (saved) => {
      void message.success(t('editor.saved', { version: saved.version }))
      await queryClient.invalidateQueries({ queryKey: lifeCycleKey })
      onClose()
    },
  })
  const failed = save.error ?? preview.error
  const failure = failed && explain(failed)
  const change = (next: Stage[]) => {
    setDraft(next)
    preview.reset()
    save.reset()
  }
  const swap = (at: number, by: -1 | 1) => {
    const [one, other] = [draft[at], draft[at + by]]
    if (one && other) change(draft.map((stage, index) => (index === at ? other : index === at + by ? one : stage)))
  }
  const moving = preview.data?.moving
  return (
    <div className={styles.form}>
      <p className={styles.quiet}>{t('editor.how')}</p>
      {draft.map((stage, at) => (
        <StageForm
          key={stage.id}
          stage={stage}
          persons={preview.data?.stages.find((one) => one.id === stage.id)?.persons}
          first={at === 0}
          last={at === draft.length - 1}
          onChange={(changed) => change(draft.map((one, index) => (index === at ? changed : one)))}
          onMove={(by) => swap(at, by)}
          onRemove={() => change(draft.filter((_, index) => index !== at))}
        />
      ))}
      <Button
        disabled={draft.length >= 12}
        onClick={() =>
          change([
            ...draft,
            {
              id: freshId(draft),
              name: t('editor.new', { number: draft.length + 1 }),
              entry: ruleOf([[newCondition('count')]]),
            },
          ])
        }
      >
        {t('editor.add')}
      </Button>
      <Input
        aria-label={t('editor.note')}
        placeholder={t('editor.note')}
        maxLength={200}
        value={note}
        onChange={(event) => setNote(event.target.value)}
      />
      {failure && <Alert type="error" showIcon title={failure.title} description={failure.hint} role="alert" />}
      {moving !== undefined && (
        <Alert type="info" showIcon title={t('editor.moving', { moving: exactCount(moving) })} role="status" />
      )}
      <div className={styles.acts}>
        {moving === undefined ? (
          <Button
            type="primary"
            loading={preview.isPending}
            disabled={draft.length === 0}
            onClick={() => preview.mutate()}
          >
            {t('editor.preview')}
          </Button>
        ) : (
          <Button type="primary" danger={moving > 0} loading={save.isPending} onClick={() => save.mutate()}>
            {moving === 0 ? t('editor.save') : t('editor.save.moving', { moving: exactCount(moving) })}
          </Button>
        )}
        <Button onClick={onClose}>{t('cancel')}</Button>
      </div>
    </div>
  )
}

function StageForm({
  stage,
  persons,
  first,
  last,
  onChange,
  onMove,
  onRemove,
}: {
  stage: Stage
  persons: number | undefined
  first: boolean
  last: boolean
  onChange: (stage: Stage) => void
  onMove: (by: -1 | 1) => void
  onRemove: () => void
}) {
  const t = useWords(words)
  const { exit, ...rest } = stage
  return (
    <section className={styles.card} aria-label={stage.name}>
      <div className={styles.acts}>
        <Input
          className={styles.stageName ?? ''}
          aria-label={t('editor.name')}
          maxLength={20}
          value={stage.name}
          onChange={(event) => onChange({ ...stage, name: event.target.value })}
        />
        {persons !== undefined && (
          <span className={styles.quiet}>{t('strip.persons', { persons: exactCount(persons) })}</span>
        )}
        <span className={styles.right}>
          <Button
            type="text"
            icon={<ArrowUpOutlined />}
            aria-label={t('editor.up', { name: stage.name })}
            disabled={first}
            onClick={() => onMove(-1)}
          />
          <Button
            type="text"
            icon={<ArrowDownOutlined />}
            aria-label={t('editor.down', { name: stage.name })}
            disabled={last}
            onClick={() => onMove(1)}
          />
          <Button
            type="text"
            danger
            icon={<DeleteOutlined />}
            aria-label={t('editor.remove', { name: stage.name })}
            disabled={first && last}
            onClick={onRemove}
          />
        </span>
      </div>
      <h4 className={styles.part}>{t('editor.entry')}</h4>
      <RuleEditor rule={stage.entry} onChange={(entry) => onChange({ ...stage, entry })} />
      {exit === undefined ? (
        <Button type="link" onClick={() => onChange({ ...rest, exit: ruleOf([[newCondition('count')]]) })}>
          {t('editor.exit.add')}
        </Button>
      ) : (
        <>
          <h4 className={styles.part}>
            {t('editor.exit')}
            <Button type="link" size="small" onClick={() => onChange(rest)}>
              {t('editor.exit.remove')}
            </Button>
          </h4>
          <RuleEditor rule={exit} onChange={(changed) => onChange({ ...stage, exit: changed })} />
        </>
      )}
    </section>
  )
}
