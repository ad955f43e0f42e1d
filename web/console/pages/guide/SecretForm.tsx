import { useMutation } from '@tanstack/react-query'
import { Alert, App, Button, Input } from 'antd'
import { useState } from 'react'
import { api } from '#shared/api/client.ts'
import { useWords } from '#shared/i18n/words.ts'
import { explain } from '../../lib/explain.ts'
import { Field } from './CorpForm.tsx'
import styles from './guide.module.css'
import { type AppKey, type Guide, refreshGuide } from './guide.ts'
import { words } from './words.ts'

/** An app's secret, given anew: checked at the platform, kept sealed, never shown. */
export function SecretForm({ guide, appKey }: { guide: Guide; appKey: AppKey }) {
  const t = useWords(words)
  const { message } = App.useApp()
  const app = guide.apps.find((one) => one.app_key === appKey)
  const [open, setOpen] = useState(false)
  const [secret, setSecret] = useState('')
  const save = useMutation({
    mutationFn: () =>
      api.PUT('/api/guide/apps/{app_key}/secret', {
        params: { path: { app_key: appKey } },
        body: { secret: secret.trim() },
      }),
    onSuccess: async () => {
      message.success(t('secret.saved'))
      setSecret('')
      setOpen(false)
      await refreshGuide()
    },
  })
  const refusal = save.error ? explain(save.error) : undefined
  const asking = open || app?.has_secret !== true
  return (
    <div className={styles.stack}>
      {appKey === 'nuanyu' && guide.corp !== null && (
        <span>
          {t('corp.current', {
            name: guide.corp.name,
            id: guide.corp.corpid,
            app: app?.name ?? '–',
            agent: app?.agent_id ?? '–',
          })}
        </span>
      )}
      {app?.circuit != null && <Alert type="error" showIcon title={t('secret.circuit', { reason: app.circuit })} />}
      {guide.may_write && !asking && (
        <div>
          <Button onClick={() => setOpen(true)}>{t('secret.change')}</Button>
        </div>
      )}
      {guide.may_write && asking && (
        <form
          className={styles.stack}
          onSubmit={(event) => {
            event.preventDefault()
            save.mutate()
          }}
        >
          <div className={styles.form}>
            <Field label={t('corp.secret')}>
              {(id) => (
                <Input.Password
                  id={id}
                  value={secret}
                  autoComplete="off"
                  maxLength={200}
                  onChange={(event) => setSecret(event.target.value)}
                />
              )}
            </Field>
          </div>
          {refusal && <Alert type="error" showIcon role="alert" title={refusal.title} description={refusal.hint} />}
          <div className={styles.actions}>
            <Button type="primary" htmlType="submit" loading={save.isPending} disabled={secret.trim().length < 10}>
              {t('secret.save')}
            </Button>
            <span className={styles.quiet}>{t('secret.hint')}</span>
          </div>
        </form>
      )}
    </div>
  )
}
