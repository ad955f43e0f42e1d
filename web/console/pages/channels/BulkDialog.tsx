import { UploadOutlined } from '@ant-design/icons'
import { useMutation, useQuery } from '@tanstack/react-query'
import { Alert, Button, Input, Modal, Select, Upload } from 'antd'
import { useState } from 'react'
import { api, ask } from '#shared/api/client.ts'
import { exactCount } from '#shared/format/number.ts'
import { useWords } from '#shared/i18n/words.ts'
import { ErrorState } from '../../components/ErrorState.tsx'
import { JobProgress } from '../../components/JobProgress.tsx'
import { Loading } from '../../components/Loading.tsx'
import { explain } from '../../lib/explain.ts'
import { queryClient } from '../../lib/queryClient.ts'
import { words } from './bulk.words.ts'
import styles from './channels.module.css'
import { Field } from './Field.tsx'
import { words as listWords } from './words.ts'

interface BulkDialogProps {
  /** `new`: asks for the table; an operation's id: shows how it goes; undefined: closed. */
  operation: string | undefined
  /** The group that the codes are put into, once it is known. */
  group: string | undefined
  onBegun: (id: string, group: string) => void
  onClose: () => void
}

/** Store codes from a table: choose, begin, watch, and take the error rows home. It goes on when this is closed. */
export function BulkDialog({ operation, group, onBegun, onClose }: BulkDialogProps) {
  const t = useWords(words)
  return (
    <Modal open={operation !== undefined} title={t('bulk.title')} footer={null} onCancel={onClose} destroyOnHidden>
      {operation === 'new' ? (
        <BulkForm onBegun={onBegun} />
      ) : (
        operation !== undefined && <BulkJob id={operation} group={group} />
      )}
    </Modal>
  )
}

function BulkForm({ onBegun }: Pick<BulkDialogProps, 'onBegun'>) {
  const t = useWords(words)
  const tList = useWords(listWords)
  const [file, setFile] = useState<File>()
  const [group, setGroup] = useState('门店')
  const [kind, setKind] = useState<'qr' | 'landing'>('qr')
  const begin = useMutation({
    mutationFn: () => {
      const form = new FormData()
      if (file) form.set('file', file)
      form.set('template', JSON.stringify({ group, kind, strategy: kind === 'qr' ? 'platform' : 'round_robin' }))
      return ask(api.POST('/api/channels/bulk', { body: form as never, bodySerializer: (body) => body as never }))
    },
    onSuccess: (begun) => onBegun(begun.operation_id, group),
  })
  return (
    <div className={styles.dialog}>
      <p>{t('bulk.text')}</p>
      <p>
        <a href="/api/channels/bulk/template">{t('bulk.template')}</a>
      </p>
      <Upload
        accept=".csv,text/csv"
        maxCount={1}
        fileList={file === undefined ? [] : [{ uid: '1', name: file.name }]}
        onRemove={() => setFile(undefined)}
        beforeUpload={(chosen) => {
          setFile(chosen)
          begin.reset()
          return false
        }}
      >
        <Button icon={<UploadOutlined />}>{t('bulk.choose')}</Button>
      </Upload>
      <Field label={t('bulk.group')}>
        <Input value={group} maxLength={30} onChange={(event) => setGroup(event.target.value)} />
      </Field>
      <Field label={t('bulk.kind')}>
        <Select
          className={styles.wide}
          value={kind}
          options={(['qr', 'landing'] as const).map((one) => ({ value: one, label: tList(`kind.${one}`) }))}
          onChange={setKind}
        />
      </Field>
      {begin.error && (
        <Alert type="error" showIcon title={explain(begin.error).title} description={explain(begin.error).hint} />
      )}
      <div className={styles.moves}>
        <Button type="primary" disabled={file === undefined} loading={begin.isPending} onClick={() => begin.mutate()}>
          {t('bulk.start')}
        </Button>
      </div>
    </div>
  )
}

function BulkJob({ id, group }: { id: string; group: string | undefined }) {
  const t = useWords(words)
  const { data, error, refetch } = useQuery({
    queryKey: ['operations', id],
    queryFn: () => ask(api.GET('/api/operations/{id}', { params: { path: { id } } })),
    refetchInterval: (query) => (query.state.data?.finished_at == null ? 1_000 : false),
  })
  const cancel = useMutation({
    mutationFn: () => ask(api.POST('/api/operations/{id}/cancel', { params: { path: { id } } })),
    onSettled: () => queryClient.invalidateQueries({ queryKey: ['operations', id] }),
  })
  if (error) return <ErrorState error={error} onRetry={() => void refetch()} />
  if (!data) return <Loading rows={3} />
  const result = (data.result ?? {}) as { made?: number; already?: number; errors?: unknown[] }
  const errors = result.errors?.length ?? 0
  return (
    <div className={styles.dialog}>
      <JobProgress
        job={{ ...data, title: t('bulk.job') }}
        onCancel={() => cancel.mutate()}
        {...(errors > 0 ? { errorFile: `/api/channels/bulk/${id}/errors` } : {})}
      />
      {data.state === 'done' && (
        <p>
          {t('bulk.result', {
            made: exactCount(result.made ?? 0),
            already: exactCount(result.already ?? 0),
            errors: exactCount(errors),
          })}
        </p>
      )}
      {data.state === 'done' && group !== undefined && (
        <p className={styles.span}>
          <a href={`/api/channels/pictures?group=${encodeURIComponent(group)}`}>{t('bulk.pictures')}</a>
          <a href={`/api/channels/sheet?group=${encodeURIComponent(group)}`} target="_blank" rel="noreferrer">
            {t('bulk.print')}
          </a>
        </p>
      )}
    </div>
  )
}
