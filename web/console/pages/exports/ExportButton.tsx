import { DownloadOutlined } from '@ant-design/icons'
import { useMutation } from '@tanstack/react-query'
import { Alert, Button, Input, Modal, Segmented } from 'antd'
import { useId, useState } from 'react'
import { api, ask } from '#shared/api/client.ts'
import { useWords } from '#shared/i18n/words.ts'
import { explain } from '../../lib/explain.ts'
import { queryClient } from '../../lib/queryClient.ts'
import { useMay } from '../../lib/session.ts'
import styles from '../imports/imports.module.css'
import { ExportView } from './ExportView.tsx'
import { type ExportFormat, exportsKey } from './exports.ts'
import { words } from './words.ts'

export type ExportKind = 'customers' | 'audience' | 'orders' | 'members' | 'tags' | 'products' | 'campaign_report'

interface ExportButtonProps {
  kind: ExportKind
  /** As the list beside it is filtered. */
  filters?: Readonly<Record<string, unknown>>
  /** Says that the filters narrow the list. */
  filtered?: boolean
  label?: string
}

/** Asks for a table of what a list shows, and shows it until it is written. Nothing for who may not export. */
export function ExportButton({ kind, filters = {}, filtered = false, label }: ExportButtonProps) {
  const t = useWords(words)
  const may = useMay('customers.export')
  const [open, setOpen] = useState(false)
  if (!may) return null
  return (
    <>
      <Button icon={<DownloadOutlined />} onClick={() => setOpen(true)}>
        {label ?? t('export')}
      </Button>
      <Modal
        open={open}
        onCancel={() => setOpen(false)}
        title={t('ask.title', { what: t(`kind.${kind}`) })}
        footer={null}
        destroyOnHidden
      >
        <Asking kind={kind} filters={filters} filtered={filtered} onClose={() => setOpen(false)} />
      </Modal>
    </>
  )
}

function Asking({ kind, filters = {}, filtered, onClose }: ExportButtonProps & { onClose: () => void }) {
  const t = useWords(words)
  const id = useId()
  const [format, setFormat] = useState<ExportFormat>('xlsx')
  const [lines, setLines] = useState(false)
  const [reason, setReason] = useState('')
  const wanted = kind === 'orders' ? { ...filters, lines } : filters
  const make = useMutation({
    mutationFn: () => ask(api.POST('/api/exports', { body: { kind, format, filters: wanted, reason: reason.trim() } })),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: exportsKey }),
  })
  if (make.data) return <ExportView id={make.data.id} onClose={onClose} />
  const refusal = make.error ? explain(make.error) : undefined
  return (
    <div className={styles.form}>
      <p className={styles.hint}>{filtered ? t('ask.filtered') : t('ask.all', { what: t(`kind.${kind}`) })}</p>
      <div className={styles.field}>
        <span id={`${id}-format`}>{t('format')}</span>
        <Segmented<ExportFormat>
          aria-labelledby={`${id}-format`}
          value={format}
          onChange={setFormat}
          options={(['xlsx', 'csv'] as const).map((value) => ({ value, label: t(`format.${value}`) }))}
        />
        <p className={styles.hint}>{t(`format.${format}.how`)}</p>
      </div>
      {kind === 'orders' && (
        <div className={styles.field}>
          <span id={`${id}-rows`}>{t('rowsAre')}</span>
          <Segmented
            aria-labelledby={`${id}-rows`}
            value={lines ? 'lines' : 'orders'}
            onChange={(value) => setLines(value === 'lines')}
            options={(['orders', 'lines'] as const).map((value) => ({ value, label: t(`rows.${value}`) }))}
          />
        </div>
      )}
      <div className={styles.field}>
        <label htmlFor={`${id}-reason`}>{t('reason')}</label>
        <Input
          id={`${id}-reason`}
          maxLength={200}
          value={reason}
          onChange={(event) => setReason(event.target.value)}
          onPressEnter={() => make.mutate()}
        />
        <p className={styles.hint}>{t('reason.how')}</p>
      </div>
      {refusal && <Alert type="error" showIcon role="alert" title={refusal.title} description={refusal.hint} />}
      <div className={styles.acts}>
        <Button type="primary" loading={make.isPending} onClick={() => make.mutate()}>
          {t('begin')}
        </Button>
        <Button onClick={onClose}>{t('close')}</Button>
      </div>
    </div>
  )
}
