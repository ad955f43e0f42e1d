import { useMutation } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { Alert, Button } from 'antd'
import { useWords } from '#shared/i18n/words.ts'
import { Mark } from '../../frame/BrandMark.tsx'
import { LanguageSwitch } from '../../frame/LanguageSwitch.tsx'
import { explain } from '../../lib/explain.ts'
import { logOut } from '../../lib/logOut.ts'
import { useSession } from '../../lib/session.ts'
import { PasswordForm } from '../accounts/PasswordForm.tsx'
import styles from './LoginPage.module.css'
import { words } from './words.ts'

/** Where the published demo password leads once a real corp is connected: nothing else opens before it is changed. */
export function NewPasswordPage() {
  const t = useWords(words)
  const navigate = useNavigate()
  const { account } = useSession()
  const leave = useMutation({ mutationFn: logOut, onSuccess: () => navigate({ to: '/login' }) })
  return (
    <main className={styles.page}>
      <title>{t('new.title')}</title>
      <section className={styles.side}>
        <div className={styles.language}>
          <LanguageSwitch />
        </div>
        <div className={styles.form}>
          <Mark size={40} />
          <h1 className={styles.title}>{t('new.title')}</h1>
          <Alert type="warning" showIcon title={t('new.why')} description={t('new.how', { name: account.username })} />
          <PasswordForm
            hasPassword={account.has_password}
            username={account.username}
            onChanged={() => void navigate({ to: '/' })}
          />
          {leave.error && <Alert type="error" showIcon role="alert" title={explain(leave.error).title} />}
          <Button type="link" loading={leave.isPending} onClick={() => leave.mutate()}>
            {t('new.leave')}
          </Button>
        </div>
      </section>
    </main>
  )
}
