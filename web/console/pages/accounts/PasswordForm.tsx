import { useMutation } from '@tanstack/react-query'
import { Alert, App, Button, Input } from 'antd'
import { useId, useState } from 'react'
import { api, ask } from '#shared/api/client.ts'
import { useWords } from '#shared/i18n/words.ts'
import { explain } from '../../lib/explain.ts'
import { queryClient } from '../../lib/queryClient.ts'
import { Field } from './AccountForm.tsx'
import styles from './accounts.module.css'
import { words } from './my.words.ts'

interface PasswordFormProps {
  hasPassword: boolean
  username: string
  /** When the new password counts and the session has been read again. */
  onChanged?: () => void
}

export function PasswordForm({ hasPassword, username, onChanged }: PasswordFormProps) {
  const t = useWords(words)
  const id = useId()
  const { message } = App.useApp()
  const [current, setCurrent] = useState('')
  const [next, setNext] = useState('')
  const [again, setAgain] = useState('')
  const change = useMutation({
    mutationFn: () =>
      ask(api.POST('/api/auth/password', { body: { password: next, ...(hasPassword ? { current } : {}) } })),
    onSuccess: async ({ ended }) => {
      message.success(ended === 0 ? t('changed.alone') : t('changed', { count: ended }))
      setCurrent('')
      setNext('')
      setAgain('')
      await queryClient.invalidateQueries({ queryKey: ['session'] })
      await queryClient.invalidateQueries({ queryKey: ['my sessions'] })
      onChanged?.()
    },
  })
  const different = again !== '' && again !== next
  const refusal = change.error ? explain(change.error) : undefined
  const input = (name: string, value: string, set: (value: string) => void, autoComplete: string) => (
    <Input.Password
      id={`${id}-${name}`}
      value={value}
      autoComplete={autoComplete}
      maxLength={200}
      onChange={(event) => set(event.target.value)}
    />
  )
  return (
    <form
      className={`${styles.form} ${styles.narrow}`}
      onSubmit={(event) => {
        event.preventDefault()
        change.mutate()
      }}
    >
      {/* password managers look for the name that goes with the password */}
      <input type="text" name="username" autoComplete="username" value={username} readOnly hidden />
      {!hasPassword && <p className={styles.hint}>{t('password.none')}</p>}
      {hasPassword && (
        <Field id={`${id}-current`} label={t('current')}>
          {input('current', current, setCurrent, 'current-password')}
        </Field>
      )}
      <Field id={`${id}-next`} label={t('next')} hint={t('next.hint')}>
        {input('next', next, setNext, 'new-password')}
      </Field>
      <Field id={`${id}-again`} label={t('again')}>
        {input('again', again, setAgain, 'new-password')}
      </Field>
      {different && <Alert type="warning" showIcon role="alert" title={t('different')} />}
      {refusal && <Alert type="error" showIcon role="alert" title={refusal.title} description={refusal.hint} />}
      <div>
        <Button
          type="primary"
          htmlType="submit"
          loading={change.isPending}
          disabled={next === '' || again !== next || (hasPassword && current === '')}
        >
          {t('submit')}
        </Button>
      </div>
    </form>
  )
}
