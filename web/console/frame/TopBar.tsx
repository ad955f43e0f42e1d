import { MenuOutlined, SearchOutlined } from '@ant-design/icons'
import { Button } from 'antd'
import { lazy, Suspense, useEffect, useState } from 'react'
import { useWords } from '#shared/i18n/words.ts'
import { AccountMenu } from './AccountMenu.tsx'
import { Alarms } from './Alarms.tsx'
import { CorpSwitch } from './CorpSwitch.tsx'
import { LanguageSwitch } from './LanguageSwitch.tsx'
import { RunningJobs } from './RunningJobs.tsx'
import styles from './TopBar.module.css'
import { words } from './words.ts'

const loadSearchBox = () => import('./SearchBox.tsx')
const SearchBox = lazy(() => loadSearchBox().then((module) => ({ default: module.SearchBox })))

const isApple = typeof navigator !== 'undefined' && /Mac|iPhone|iPad/.test(navigator.userAgent)

export function TopBar({ onMenu }: { onMenu?: () => void }) {
  const t = useWords(words)
  const [searching, setSearching] = useState(false)

  // Fetched while nothing else happens: whoever presses Ctrl-K types on at once, and no letter may be lost.
  useEffect(() => {
    const timer = setTimeout(() => void loadSearchBox(), 1_500)
    return () => clearTimeout(timer)
  }, [])

  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.key.toLowerCase() === 'k' && (event.ctrlKey || event.metaKey)) {
        event.preventDefault()
        setSearching(true)
      }
    }
    addEventListener('keydown', onKey)
    return () => removeEventListener('keydown', onKey)
  }, [])

  return (
    <header className={styles.bar}>
      {onMenu && <Button type="text" icon={<MenuOutlined />} aria-label={t('menu.open')} onClick={onMenu} />}
      <CorpSwitch />
      <button type="button" className={styles.search} onClick={() => setSearching(true)}>
        <SearchOutlined aria-hidden="true" />
        <span className={styles.searchText}>{t('search.placeholder')}</span>
        <kbd className={styles.key}>{isApple ? '⌘K' : 'Ctrl K'}</kbd>
      </button>
      <div className={styles.tools}>
        <RunningJobs />
        <Alarms />
        <LanguageSwitch />
        <AccountMenu />
      </div>
      <Suspense>{searching && <SearchBox onClose={() => setSearching(false)} />}</Suspense>
    </header>
  )
}
