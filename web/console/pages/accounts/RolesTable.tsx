import { CheckOutlined, MinusOutlined } from '@ant-design/icons'
import { useQuery } from '@tanstack/react-query'
import { api, ask } from '#shared/api/client.ts'
import { useWords } from '#shared/i18n/words.ts'
import { ErrorState } from '../../components/ErrorState.tsx'
import { Loading } from '../../components/Loading.tsx'
import { Panel } from '../../components/PageShape.tsx'
import styles from './accounts.module.css'
import { type Words, words } from './words.ts'

/** What each role may do, straight from the rules that the server enforces. */
export function RolesTable() {
  const t = useWords(words)
  const { data, error, refetch } = useQuery({ queryKey: ['roles'], queryFn: () => ask(api.GET('/api/roles')) })
  if (error) return <ErrorState error={error} onRetry={() => void refetch()} />
  if (!data) return <Loading rows={8} />
  const named = (permission: string) => {
    const key = `permission.${permission}`
    return isWord(key) ? t(key) : permission
  }
  const mark = (has: boolean) =>
    has ? (
      <CheckOutlined className={styles.has} aria-label={t('yes')} />
    ) : (
      <MinusOutlined className={styles.lacks} aria-label={t('no')} />
    )
  return (
    <Panel flush>
      <p className={styles.note}>{t('roles.purpose')}</p>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard */}
      <section className={styles.scroll} tabIndex={0} aria-label={t('tab.roles')}>
        <table className={styles.matrix}>
          <thead>
            <tr>
              <th scope="col">{t('roles.permission')}</th>
              {data.roles.map(({ role }) => (
                <th key={role} scope="col">
                  {t(`role.${role}`)}
                  <span className={styles.roleText}>{t(`role.${role}.text`)}</span>
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            <tr>
              <th scope="row">{t('roles.scopes')}</th>
              {data.roles.map(({ role, scopes }) => (
                <td key={role}>{scopes.map((scope) => t(`scope.${scope}`)).join(' / ')}</td>
              ))}
            </tr>
            <tr>
              <th scope="row">{t('roles.personal')}</th>
              {data.roles.map((one) => (
                <td key={one.role}>{mark(one.sees_personal_data)}</td>
              ))}
            </tr>
            {data.permissions.map((permission) => (
              <tr key={permission}>
                <th scope="row">{named(permission)}</th>
                {data.roles.map((one) => (
                  <td key={one.role}>{mark(one.permissions.includes(permission))}</td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </section>
    </Panel>
  )
}

function isWord(key: string): key is Words {
  return key in words.zh
}
