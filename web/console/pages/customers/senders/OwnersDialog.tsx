import { useMutation, useQuery } from '@tanstack/react-query'
import { Alert, Button, Checkbox, Input, Modal, Segmented } from 'antd'
import { useState } from 'react'
import { api, ask } from '#shared/api/client.ts'
import type { components } from '#shared/api/schema.gen.ts'
import { exactCount } from '#shared/format/number.ts'
import { useWords } from '#shared/i18n/words.ts'
import { ErrorState } from '../../../components/ErrorState.tsx'
import { FactList } from '../../../components/FactList.tsx'
import { JobProgress } from '../../../components/JobProgress.tsx'
import { Loading } from '../../../components/Loading.tsx'
import { StaffPicker } from '../../../components/StaffPicker.tsx'
import type { StaffOption } from '../../../components/staff.rules.ts'
import { explain } from '../../../lib/explain.ts'
import { queryClient } from '../../../lib/queryClient.ts'
import { ValueSelect } from '../../audiences/ValueSelect.tsx'
import { Field, FieldGroup } from '../../channels/Field.tsx'
import { members } from '../../organisation/StoreForm.tsx'
import { customersKey } from '../customers.ts'
import { readOwners } from './ownersList.ts'
import styles from './senders.module.css'
import { words } from './words.ts'

type Who = components['schemas']['OwnersInput']['who']

interface OwnersResult {
  persons: number
  set: number
  removed: number
  same: number
  no_relation: number
  unknown: number
  taken_over: number
  refused: { customer: string; userid: string | null; why: 'no_relation' | 'unknown_customer' }[]
}

/** Exclusive owners of an audience or a list: what would change is shown before it does. It goes on when this is closed. */
export function OwnersDialog({ open, onClose }: { open: boolean; onClose: () => void }) {
  const t = useWords(words)
  return (
    <Modal open={open} title={t('bulk.title')} footer={null} width={640} onCancel={onClose} destroyOnHidden>
      <OwnersSteps onClose={onClose} />
    </Modal>
  )
}

function OwnersSteps({ onClose }: { onClose: () => void }) {
  const [run, setRun] = useState<{ id: string; who: Who; preview: boolean }>()
  const begin = useMutation({
    mutationFn: async ({ who, preview }: { who: Who; preview: boolean }) => {
      const { operation_id: id } = await ask(api.POST('/api/customer-owners', { body: { who, preview } }))
      return { id, who, preview }
    },
    onSuccess: setRun,
  })
  if (run === undefined)
    return (
      <OwnersForm
        starting={begin.isPending}
        error={begin.error}
        onPreview={(who) => begin.mutate({ who, preview: true })}
      />
    )
  return (
    <OwnersJob
      key={run.id}
      {...run}
      starting={begin.isPending}
      error={begin.error}
      onApply={() => begin.mutate({ who: run.who, preview: false })}
      onAgain={() => {
        setRun(undefined)
        begin.reset()
      }}
      onClose={() => {
        onClose()
        void queryClient.invalidateQueries({ queryKey: customersKey })
      }}
    />
  )
}

function OwnersForm({
  starting,
  error,
  onPreview,
}: {
  starting: boolean
  error: Error | null
  onPreview: (who: Who) => void
}) {
  const t = useWords(words)
  const [by, setBy] = useState<'audience' | 'list'>('audience')
  const [audience, setAudience] = useState<string>()
  const [member, setMember] = useState<StaffOption>()
  const [nobody, setNobody] = useState(false)
  const [text, setText] = useState('')
  const rows = readOwners(text)
  const bad = typeof rows === 'number' ? t('bulk.list.bad', { line: rows }) : undefined
  const who = ((): Who | undefined => {
    if (by === 'list') return typeof rows === 'number' || rows.length === 0 ? undefined : { list: rows }
    const userid = nobody ? null : member?.id
    return audience === undefined || userid === undefined ? undefined : { audience, userid }
  })()
  const failure = error && explain(error)
  return (
    <div className={styles.form}>
      <p className={styles.quiet}>{t('bulk.text')}</p>
      <Segmented<'audience' | 'list'>
        aria-label={t('bulk.by')}
        value={by}
        options={(['audience', 'list'] as const).map((one) => ({ value: one, label: t(`bulk.by.${one}`) }))}
        onChange={setBy}
      />
      {by === 'audience' ? (
        <>
          <ValueSelect
            kind="audience"
            label={t('bulk.audience')}
            single
            value={audience === undefined ? [] : [audience]}
            onChange={([chosen]) => setAudience(chosen === undefined ? undefined : String(chosen))}
          />
          <FieldGroup label={t('bulk.member')}>
            <StaffPicker
              label={t('bulk.member')}
              value={member === undefined ? [] : [member]}
              source={members}
              max={1}
              disabled={nobody}
              onChange={([chosen]) => setMember(chosen)}
            />
            <Checkbox checked={nobody} onChange={({ target }) => setNobody(target.checked)}>
              {t('bulk.nobody')}
            </Checkbox>
          </FieldGroup>
        </>
      ) : (
        <Field label={t('bulk.list')} fault={bad}>
          <Input.TextArea
            rows={8}
            value={text}
            placeholder="wmAbc…,zhangsan"
            onChange={({ target }) => setText(target.value)}
          />
        </Field>
      )}
      {failure && <Alert type="error" showIcon role="alert" title={failure.title} description={failure.hint} />}
      <div className={styles.acts}>
        <Button
          type="primary"
          disabled={who === undefined}
          loading={starting}
          onClick={() => who !== undefined && onPreview(who)}
        >
          {t('bulk.preview')}
        </Button>
      </div>
    </div>
  )
}

function OwnersJob({
  id,
  preview,
  starting,
  error,
  onApply,
  onAgain,
  onClose,
}: {
  id: string
  preview: boolean
  starting: boolean
  error: Error | null
  onApply: () => void
  onAgain: () => void
  onClose: () => void
}) {
  const t = useWords(words)
  const job = useQuery({
    queryKey: ['operations', id],
    queryFn: () => ask(api.GET('/api/operations/{id}', { params: { path: { id } } })),
    refetchInterval: (query) => (query.state.data?.finished_at == null ? 1_000 : false),
  })
  const cancel = useMutation({
    mutationFn: () => ask(api.POST('/api/operations/{id}/cancel', { params: { path: { id } } })),
    onSettled: () => queryClient.invalidateQueries({ queryKey: ['operations', id] }),
  })
  const { data } = job
  if (job.error) return <ErrorState error={job.error} onRetry={() => void job.refetch()} />
  if (!data) return <Loading rows={3} />
  const result = data.state === 'done' ? (data.result as OwnersResult) : undefined
  const changes = (result?.set ?? 0) + (result?.removed ?? 0)
  const failure = error && explain(error)
  return (
    <div className={styles.form}>
      {result === undefined && <JobProgress job={{ ...data, title: t('bulk.job') }} onCancel={() => cancel.mutate()} />}
      {result !== undefined && <OwnersFigures result={result} preview={preview} />}
      {failure && <Alert type="error" showIcon role="alert" title={failure.title} description={failure.hint} />}
      <div className={styles.acts}>
        {preview && result !== undefined && (
          <Button type="primary" disabled={changes === 0} loading={starting} onClick={onApply}>
            {t('bulk.apply', { count: exactCount(changes) })}
          </Button>
        )}
        {preview ? (
          <Button onClick={onAgain}>{t('bulk.again')}</Button>
        ) : (
          <Button type="primary" onClick={onClose}>
            {t('bulk.close')}
          </Button>
        )}
      </div>
    </div>
  )
}

function OwnersFigures({ result, preview }: { result: OwnersResult; preview: boolean }) {
  const t = useWords(words)
  const all = [
    { label: t('bulk.persons'), value: result.persons },
    { label: t(preview ? 'bulk.set' : 'bulk.set.done'), value: result.set },
    { label: t('bulk.taken'), value: result.taken_over },
    { label: t(preview ? 'bulk.removed' : 'bulk.removed.done'), value: result.removed },
    { label: t('bulk.same'), value: result.same },
    { label: t('bulk.noRelation'), value: result.no_relation },
    { label: t('bulk.unknown'), value: result.unknown },
  ]
  return (
    <>
      <FactList facts={all.map(({ label, value }) => ({ label, value: exactCount(value) }))} />
      {result.refused.length > 0 && (
        <div>
          <p className={styles.quiet}>{t('bulk.refused', { count: exactCount(result.refused.length) })}</p>
          <ul className={styles.refused}>
            {result.refused.map(({ customer, userid, why }) => (
              <li key={`${customer} ${userid}`}>
                {customer} · {t(`bulk.refused.${why}`, { userid: userid ?? '' })}
              </li>
            ))}
          </ul>
        </div>
      )}
    </>
  )
}
