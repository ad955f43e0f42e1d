import { MenuFoldOutlined, MenuUnfoldOutlined } from '@ant-design/icons'
import { Outlet, useLocation } from '@tanstack/react-router'
import { Button } from 'antd'
import { lazy, Suspense, useEffect, useRef, useState } from 'react'
import { useWords } from '#shared/i18n/words.ts'
import { Loading } from '../components/Loading.tsx'
import { setPreferences, usePreferences } from '../lib/preferences.ts'
import { may, useSession } from '../lib/session.ts'
import { useWidth } from '../lib/useWidth.ts'
import { pages } from '../pages/registry.ts'
import { BrandMark } from './BrandMark.tsx'
import styles from './Frame.module.css'
import { pageAt } from './places.ts'
import { SandboxStrip } from './SandboxStrip.tsx'
import { SideMenu } from './SideMenu.tsx'
import { TopBar } from './TopBar.tsx'
import { words } from './words.ts'

const Forbidden = lazy(() => import('./Forbidden.tsx').then((module) => ({ default: module.Forbidden })))
const MenuDrawer = lazy(() => import('./MenuDrawer.tsx').then((module) => ({ default: module.MenuDrawer })))

/** The room around every page: menu, top bar, and with the sandbox a strip that nobody mistakes for the real thing. */
export function Frame() {
  const t = useWords(words)
  const session = useSession()
  const { pathname } = useLocation()
  const { menuFolded } = usePreferences()
  const width = useWidth()
  const [drawerOpen, setDrawerOpen] = useState(false)
  const page = pageAt(pathname, pages)
  const allowed = page === undefined || may(session, page.permission)
  const phone = width < 640
  const folded = menuFolded || width < 960

  // biome-ignore lint/correctness/useExhaustiveDependencies: going somewhere closes the drawer
  useEffect(() => setDrawerOpen(false), [pathname])
  const content = useRef<HTMLElement>(null)
  const before = useRef(pathname)
  // another page begins at its beginning for whoever goes by keys: the focus is lost with what led there, or left in the menu
  useEffect(() => {
    if (before.current === pathname) return
    before.current = pathname
    content.current?.focus({ preventScroll: true })
  }, [pathname])

  return (
    <div className={session.sandbox ? `${styles.frame} ${styles.withStrip}` : styles.frame}>
      <a className={styles.skip} href="#content">
        {t('skip.content')}
      </a>
      {session.sandbox && <SandboxStrip />}
      <div className={styles.body}>
        {!phone && (
          <nav className={folded ? styles.sideFolded : styles.side} aria-label={t('menu.label')}>
            <BrandMark folded={folded} />
            <div className={styles.menu}>
              <SideMenu folded={folded} />
            </div>
            {width >= 960 && (
              <Button
                type="text"
                className={styles.fold}
                icon={folded ? <MenuUnfoldOutlined /> : <MenuFoldOutlined />}
                aria-label={folded ? t('menu.unfold') : t('menu.fold')}
                aria-expanded={!folded}
                onClick={() => setPreferences({ menuFolded: !menuFolded })}
              >
                {folded ? null : t('menu.fold')}
              </Button>
            )}
          </nav>
        )}
        <div className={styles.column}>
          <TopBar {...(phone ? { onMenu: () => setDrawerOpen(true) } : {})} />
          <main ref={content} id="content" className={styles.content} tabIndex={-1}>
            <Suspense fallback={<Loading />}>
              {allowed ? <Outlet /> : <Forbidden permission={page?.permission ?? ''} />}
            </Suspense>
          </main>
        </div>
      </div>
      <Suspense>{phone && drawerOpen && <MenuDrawer onClose={() => setDrawerOpen(false)} />}</Suspense>
    </div>
  )
}
