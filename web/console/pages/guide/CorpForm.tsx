import { useMutation } from '@tanstack/react-query'
import { Alert, App, Button, Input } from 'antd'
import { type ReactNode, useId, useState } from 'react'
import { api } from '#shared/api/client.ts'
import { useWords } from '#shared/i18n/words.ts'
import { explain } from '../../lib/explain.ts'
import { queryClient } from '../../lib/queryClient.ts'
import styles from './guide.module.css'
import type { Guide } from './guide.ts'
import { words } from './words.ts'

/** A corp, the first or another: checked at the platform, then kept, and synced for the first time. */
export function CorpForm({ guide }: { guide: Guide }) {
  const t = useWords(words)
  const { message } = App.useApp()
  const [corpid, setCorpid] = useState('')
  const [name, setName] = useState('')
  const [agent, setAgent] = useState('')
  const [secret, setSecret] = useState('')
  const connect = useMutation({
    mutationFn: () =>
      api.POST('/api/guide/corp', {
        body: { corpid: corpid.trim(), name: name.trim(), agent_id: Number(agent), secret: secret.trim() },
      }),
    onSuccess: async () => {
      message.success(t('corp.connected'))
      // where a brand was open, the new one is; whose password is due chooses it afterwards
      if (guide.corp !== null)
        await api.POST('/api/auth/corp', { body: { corp: corpid.trim() } }).catch(() => undefined)
      // everything that was read belonged to no corp, or to the other
      await queryClient.invalidateQueries()
    },
  })
  const ready =
    corpid.trim().length >= 4 && name.trim() !== '' && /^\d+$/.test(agent.trim()) && secret.trim().length >= 10
  const refusal = connect.error ? explain(connect.error) : undefined
  if (!guide.may_write) return <p className={styles.quiet}>{t('forbidden')}</p>
  return (
    <form
      className={styles.stack}
      onSubmit={(event) => {
        event.preventDefault()
        connect.mutate()
      }}
    >
      <div className={styles.form}>
        <Field label={t('corp.id')}>
          {(id) => (
            <Input
              id={id}
              value={corpid}
              placeholder="ww…"
              maxLength={64}
              onChange={(e) => setCorpid(e.target.value)}
            />
          )}
        </Field>
        <Field label={t('corp.name')}>
          {(id) => <Input id={id} value={name} maxLength={60} onChange={(e) => setName(e.target.value)} />}
        </Field>
        <Field label={t('corp.agent')}>
          {(id) => (
            <Input
              id={id}
              value={agent}
              inputMode="numeric"
              placeholder="1000002"
              maxLength={12}
              onChange={(e) => setAgent(e.target.value)}
            />
          )}
        </Field>
        <Field label={t('corp.secret')}>
          {(id) => (
            <Input.Password
              id={id}
              value={secret}
              autoComplete="off"
              maxLength={200}
              onChange={(e) => setSecret(e.target.value)}
            />
          )}
        </Field>
      </div>
      {!guide.sandbox && <p className={styles.quiet}>{t('corp.demo')}</p>}
      {refusal && <Alert type="error" showIcon role="alert" title={refusal.title} description={refusal.hint} />}
      <div>
        <Button type="primary" htmlType="submit" disabled={!ready} loading={connect.isPending}>
          {t('corp.connect')}
        </Button>
      </div>
    </form>
  )
}

export function Field({ label, children }: { label: string; children: (id: string) => ReactNode }) {
  const id = useId()
  return (
    <div className={styles.field}>
      <label htmlFor={id}>{label}</label>
      {children(id)}
    </div>
  )
}
