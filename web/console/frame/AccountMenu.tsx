import { useNavigate } from '@tanstack/react-router'
import { App } from 'antd'
import { useWords } from '#shared/i18n/words.ts'
import { explain } from '../lib/explain.ts'
import { logOut } from '../lib/logOut.ts'
import { setPreferences, usePreferences } from '../lib/preferences.ts'
import { useSession } from '../lib/session.ts'
import styles from './AccountMenu.module.css'
import { PopMenu } from './PopMenu.tsx'
import { words } from './words.ts'

const modes = ['system', 'light', 'dark'] as const
const densities = ['comfortable', 'compact'] as const
const roles = ['administrator', 'operator', 'store_manager', 'guide', 'auditor'] as const

export function AccountMenu() {
  const t = useWords(words)
  const { account } = useSession()
  const { mode, density } = usePreferences()
  const { message } = App.useApp()
  const navigate = useNavigate()
  const role = roles.find((name) => name === account.role)

  async function leave(): Promise<void> {
    try {
      await logOut()
    } catch (error) {
      message.error(t('account.logoutFailed', { why: explain(error).title }))
      return
    }
    await navigate({ to: '/login' })
  }

  const label = t('account.label', { name: account.name })
  return (
    <PopMenu
      label={label}
      sections={[
        {
          key: 'who',
          heading: role === undefined ? account.name : `${account.name} · ${t(`role.${role}`)}`,
          items: [{ key: 'mine', label: t('account.mine'), onSelect: () => void navigate({ to: '/account' }) }],
        },
        {
          key: 'theme',
          heading: t('theme.label'),
          items: modes.map((one) => ({
            key: one,
            label: t(`theme.${one}`),
            chosen: mode === one,
            onSelect: () => setPreferences({ mode: one }),
          })),
        },
        {
          key: 'density',
          heading: t('density.label'),
          items: densities.map((one) => ({
            key: one,
            label: t(`density.${one}`),
            chosen: density === one,
            onSelect: () => setPreferences({ density: one }),
          })),
        },
        { key: 'out', items: [{ key: 'logout', label: t('account.logout'), onSelect: () => void leave() }] },
      ]}
    >
      <button type="button" className={styles.face} aria-label={label}>
        {account.name.slice(0, 1)}
      </button>
    </PopMenu>
  )
}
