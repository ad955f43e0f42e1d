import { useMutation, useQuery } from '@tanstack/react-query'
import { Alert, App, InputNumber, Modal } from 'antd'
import { useId, useState } from 'react'
import { api, ask } from '#shared/api/client.ts'
import { useWords } from '#shared/i18n/words.ts'
import { ErrorState } from '../../components/ErrorState.tsx'
import { Loading } from '../../components/Loading.tsx'
import { explain } from '../../lib/explain.ts'
import { queryClient } from '../../lib/queryClient.ts'
import styles from './audiences.module.css'
import { audiencesKey } from './audiences.ts'
import { words } from './words.ts'

const settingsKey = [...audiencesKey, 'settings'] as const

interface Settings {
  export_most: number
  drift_percent: number
}

/** What holds for all audiences: from how many persons on an export needs a second person, and when a size is an alarm. */
export function SettingsDialog({ onClose }: { onClose: () => void }) {
  const t = useWords(words)
  const { data, error } = useQuery({ queryKey: settingsKey, queryFn: () => ask(api.GET('/api/audience-settings')) })
  if (data) return <Editing given={data} onClose={onClose} />
  return (
    <Modal open footer={null} title={t('settings')} onCancel={onClose}>
      {error ? <ErrorState error={error} /> : <Loading rows={3} />}
    </Modal>
  )
}

function Editing({ given, onClose }: { given: Settings; onClose: () => void }) {
  const t = useWords(words)
  const id = useId()
  const { message } = App.useApp()
  const [settings, setSettings] = useState(given)
  const save = useMutation({
    mutationFn: () => ask(api.PUT('/api/audience-settings', { body: settings })),
    onSuccess: async () => {
      await queryClient.invalidateQueries({ queryKey: audiencesKey })
      void message.success(t('settings.saved'))
      onClose()
    },
  })
  const failure = save.error && explain(save.error)
  const number = (key: keyof Settings, label: string, hint: string, min: number, max: number) => (
    <div className={styles.field}>
      <label htmlFor={`${id}-${key}`}>{label}</label>
      <InputNumber
        id={`${id}-${key}`}
        className={styles.wide ?? ''}
        {...{ min, max, precision: 0 }}
        value={settings[key]}
        onChange={(value) => value !== null && setSettings({ ...settings, [key]: value })}
      />
      <span className={styles.quiet}>{hint}</span>
    </div>
  )
  return (
    <Modal
      open
      title={t('settings')}
      okText={t('settings.save')}
      cancelText={t('cancel')}
      confirmLoading={save.isPending}
      onOk={() => save.mutate()}
      onCancel={onClose}
    >
      {number('export_most', t('settings.export'), t('settings.export.how'), 0, 10_000_000)}
      {number('drift_percent', t('settings.drift'), t('settings.drift.how'), 1, 1_000)}
      {failure && <Alert type="error" showIcon role="alert" title={failure.title} description={failure.hint} />}
    </Modal>
  )
}
