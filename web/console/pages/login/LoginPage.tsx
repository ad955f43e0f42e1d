import { QrcodeOutlined } from '@ant-design/icons'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { Alert, Button, Divider, Input } from 'antd'
import { type FormEvent, useId, useState } from 'react'
import { api, ask } from '#shared/api/client.ts'
import { changeLanguage, choseLanguage } from '#shared/i18n/i18n.ts'
import { useWords } from '#shared/i18n/words.ts'
import { Mark } from '../../frame/BrandMark.tsx'
import { LanguageSwitch } from '../../frame/LanguageSwitch.tsx'
import { explain } from '../../lib/explain.ts'
import { queryClient } from '../../lib/queryClient.ts'
import { sessionQuery } from '../../lib/session.ts'
import { useUrl } from '../../lib/useUrl.ts'
import styles from './LoginPage.module.css'
import { localAddress } from './localAddress.ts'
import { words } from './words.ts'

export function LoginPage() {
  const t = useWords(words)
  const ids = useId()
  const navigate = useNavigate()
  const [{ next }] = useUrl()
  const [username, setUsername] = useState('')
  const [password, setPassword] = useState('')
  const [missing, setMissing] = useState<'username' | 'password' | undefined>()

  // Which ways exist is a comfort: without the answer the password form stands alone.
  const methods = useQuery({ queryKey: ['log-in methods'], queryFn: () => ask(api.GET('/api/auth/methods')) })
  const scanning = methods.data?.wecom ?? []

  const logIn = useMutation({
    mutationFn: () => ask(api.POST('/api/auth/login', { body: { username: username.trim(), password } })),
    onSuccess: async () => {
      queryClient.clear()
      const session = await queryClient.fetchQuery(sessionQuery)
      if (!choseLanguage()) await changeLanguage(session.account.locale === 'en' ? 'en' : 'zh-CN')
      await navigate({ to: localAddress(next) })
    },
  })

  function onSubmit(event: FormEvent): void {
    event.preventDefault()
    const lacks = username.trim() === '' ? 'username' : password === '' ? 'password' : undefined
    setMissing(lacks)
    if (lacks) document.getElementById(`${ids}-${lacks}`)?.focus()
    else logIn.mutate()
  }

  const refusal = logIn.error ? explain(logIn.error) : undefined
  return (
    <main className={styles.page}>
      <title>{t('title')}</title>
      <section className={styles.promise} aria-hidden="true">
        <Mark size={44} />
        <p className={styles.line}>{t('promise')}</p>
        <p className={styles.lineText}>{t('promiseText')}</p>
      </section>
      <section className={styles.side}>
        <div className={styles.language}>
          <LanguageSwitch />
        </div>
        <form className={styles.form} onSubmit={onSubmit} noValidate>
          <div className={styles.smallMark}>
            <Mark size={40} />
          </div>
          <h1 className={styles.title}>{t('title')}</h1>
          {next !== undefined && !refusal && <Alert type="info" showIcon title={t('ended')} />}
          {refusal && <Alert type="error" showIcon title={refusal.title} description={refusal.hint} />}
          <label className={styles.field} htmlFor={`${ids}-username`}>
            {t('username')}
            <Input
              id={`${ids}-username`}
              size="large"
              autoComplete="username"
              autoCapitalize="off"
              value={username}
              status={missing === 'username' ? 'error' : ''}
              aria-invalid={missing === 'username'}
              aria-describedby={missing === 'username' ? `${ids}-hint` : undefined}
              onChange={(event) => setUsername(event.target.value)}
            />
          </label>
          <label className={styles.field} htmlFor={`${ids}-password`}>
            {t('password')}
            <Input.Password
              id={`${ids}-password`}
              size="large"
              autoComplete="current-password"
              value={password}
              status={missing === 'password' ? 'error' : ''}
              aria-invalid={missing === 'password'}
              aria-describedby={missing === 'password' ? `${ids}-hint` : undefined}
              onChange={(event) => setPassword(event.target.value)}
            />
          </label>
          {missing && (
            <p id={`${ids}-hint`} className={styles.missing} role="alert">
              {t(`missing.${missing}`)}
            </p>
          )}
          <Button
            type="primary"
            size="large"
            block
            htmlType="submit"
            loading={logIn.isPending}
            className={styles.submit}
          >
            {logIn.isPending ? t('submitting') : t('submit')}
          </Button>
          {scanning.length > 0 && (
            <Divider plain className={styles.or}>
              {t('or')}
            </Divider>
          )}
          {scanning.map(({ corp, name }) => (
            <Button
              key={corp}
              size="large"
              block
              icon={<QrcodeOutlined />}
              href={`/api/auth/wecom/start?${new URLSearchParams({ corp, return_to: localAddress(next) })}`}
            >
              {scanning.length === 1 ? t('wecom') : t('wecom.corp', { name })}
            </Button>
          ))}
        </form>
      </section>
    </main>
  )
}
