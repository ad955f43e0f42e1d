import { useWords } from '#shared/i18n/words.ts'
import { PageShape, Panel } from '../../components/PageShape.tsx'
import { useSession } from '../../lib/session.ts'
import { words } from './my.words.ts'
import { PasswordForm } from './PasswordForm.tsx'
import { SessionList } from './SessionList.tsx'

/** One's own account: everybody has this page, whatever the role. */
export function MyAccountPage() {
  const t = useWords(words)
  const { account } = useSession()
  return (
    <PageShape title={t('title')} purpose={t('purpose')}>
      <Panel title={t('sessions.title')}>
        <SessionList />
      </Panel>
      <Panel title={t(account.has_password ? 'password.title' : 'password.set')}>
        <PasswordForm hasPassword={account.has_password} username={account.username} />
      </Panel>
    </PageShape>
  )
}
