import { CheckOutlined, LogoutOutlined, UserOutlined } from '@ant-design/icons'
import { useNavigate } from '@tanstack/react-router'
import { App, Dropdown, type MenuProps } from 'antd'
import { api, ask, setCsrf } from '#shared/api/client.ts'
import type { Language } from '#shared/i18n/i18n.ts'
import { useLanguage } from '#shared/i18n/useLanguage.ts'
import { useWords } from '#shared/i18n/words.ts'
import { explain } from '../lib/explain.ts'
import { setPreferences, usePreferences } from '../lib/preferences.ts'
import { queryClient } from '../lib/queryClient.ts'
import { useSession } from '../lib/session.ts'
import styles from './AccountMenu.module.css'
import { inLanguage, menu } from './menu.ts'
import { words } from './words.ts'

const modes = ['system', 'light', 'dark'] as const
const densities = ['comfortable', 'compact'] as const

export function AccountMenu() {
  const t = useWords(words)
  const { account } = useSession()
  const { mode, density } = usePreferences()
  const { message } = App.useApp()
  const navigate = useNavigate()
  const language = useLanguage()

  async function logOut(): Promise<void> {
    try {
      await ask(api.POST('/api/auth/logout'))
    } catch (error) {
      message.error(t('account.logoutFailed', { why: explain(error).title }))
      return
    }
    setCsrf(undefined)
    queryClient.clear()
    await navigate({ to: '/login' })
  }

  const tick = (on: boolean) => (on ? <CheckOutlined /> : <span className={styles.noTick} />)
  const items: MenuProps['items'] = [
    {
      key: 'who',
      type: 'group',
      label: `${account.name} · ${roleName(t, account.role)}`,
    },
    {
      key: 'theme',
      type: 'group',
      label: t('theme.label'),
      children: modes.map((m) => ({
        key: `mode:${m}`,
        icon: tick(mode === m),
        label: t(`theme.${m}`),
        onClick: () => setPreferences({ mode: m }),
      })),
    },
    {
      key: 'density',
      type: 'group',
      label: t('density.label'),
      children: densities.map((d) => ({
        key: `density:${d}`,
        icon: tick(density === d),
        label: t(`density.${d}`),
        onClick: () => setPreferences({ density: d }),
      })),
    },
    { type: 'divider' },
    {
      key: 'own',
      icon: <UserOutlined />,
      label: ownAccount(language),
      onClick: () => void navigate({ to: '/account' }),
    },
    { key: 'logout', icon: <LogoutOutlined />, label: t('account.logout'), onClick: () => void logOut() },
  ]
  return (
    <Dropdown menu={{ items }} trigger={['click']} placement="bottomRight">
      <button type="button" className={styles.face} aria-label={t('account.label', { name: account.name })}>
        {account.name.slice(0, 1)}
      </button>
    </Dropdown>
  )
}

/** The name that the page has in the menu. */
function ownAccount(language: Language): string {
  const entry = menu.flatMap((group) => group.entries).find((one) => one.id === 'account')
  return entry === undefined ? '' : inLanguage(entry, language)
}

const roles = ['administrator', 'operator', 'store_manager', 'guide', 'auditor'] as const

function roleName(t: (key: `role.${(typeof roles)[number]}`) => string, role: string): string {
  const known = roles.find((name) => name === role)
  return known === undefined ? role : t(`role.${known}`)
}
