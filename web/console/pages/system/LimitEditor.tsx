import { useMutation } from '@tanstack/react-query'
import { Alert, App, Button, Input, InputNumber, Modal, Switch } from 'antd'
import { useId, useState } from 'react'
import { api, ask } from '#shared/api/client.ts'
import { useWords } from '#shared/i18n/words.ts'
import { explain } from '../../lib/explain.ts'
import { queryClient } from '../../lib/queryClient.ts'
import styles from './LimitsPage.module.css'
import type { Limit } from './LimitsPage.tsx'
import type { LimitValue } from './limits.ts'
import { unitName, valueText } from './limitWords.ts'
import { words } from './words.ts'

/** One limit for this corp: its own value, or the platform's again. */
export function LimitEditor({ limit, onClose }: { limit: Limit; onClose: () => void }) {
  const t = useWords(words)
  const inputId = useId()
  const { message } = App.useApp()
  const [value, setValue] = useState<LimitValue | null>(limit.override ?? limit.value)
  const save = useMutation({
    mutationFn: (next: LimitValue | null) =>
      ask(api.PATCH('/api/limits', { body: { overrides: { [limit.name]: next } } })),
    onSuccess: (answer) => {
      queryClient.setQueryData(['limits'], answer)
      message.success(t('limits.edit.saved'))
      onClose()
    },
  })
  const failure = save.error ? explain(save.error) : undefined
  const numeric = typeof limit.value === 'number'
  return (
    <Modal
      open
      title={t('limits.edit.title')}
      onCancel={onClose}
      footer={[
        limit.override !== null && (
          <Button key="reset" onClick={() => save.mutate(null)}>
            {t('limits.edit.reset')}
          </Button>
        ),
        <Button
          key="save"
          type="primary"
          loading={save.isPending}
          disabled={value === null}
          onClick={() => save.mutate(value)}
        >
          {t('limits.edit.save')}
        </Button>,
      ]}
    >
      <p>
        <strong>{limit.note}</strong> <code className={styles.code}>{limit.name}</code>
      </p>
      <p className={styles.count}>
        {t('limits.edit.what', {
          value: valueText(limit.value, limit.unit, t),
          source: limit.source,
          date: limit.date,
        })}
      </p>
      <label htmlFor={inputId} className={styles.label}>
        {numeric ? t('limits.edit.value', { unit: unitName(limit.unit, t) }) : t('limits.edit.plain')}
      </label>
      <ValueInput id={inputId} kind={limit.value} value={value} onChange={setValue} />
      {failure && (
        <Alert
          type="error"
          showIcon
          title={failure.title}
          description={failure.hint}
          className={styles.failure ?? ''}
        />
      )}
    </Modal>
  )
}

interface ValueInputProps {
  id: string
  /** The default: its type decides the control. */
  kind: LimitValue
  value: LimitValue | null
  onChange: (value: LimitValue | null) => void
}

function ValueInput({ id, kind, value, onChange }: ValueInputProps) {
  if (typeof kind === 'boolean') return <Switch id={id} checked={value === true} onChange={onChange} />
  if (typeof kind === 'string')
    return <Input id={id} value={String(value ?? '')} onChange={(event) => onChange(event.target.value)} />
  return (
    <InputNumber
      id={id}
      min={0}
      value={typeof value === 'number' ? value : null}
      onChange={onChange}
      style={{ width: '100%' }}
    />
  )
}
