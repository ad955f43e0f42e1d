import { useEffect, useMemo, useState } from 'react'
import { useWords } from '#shared/i18n/words.ts'
import { unreadTotal, useChats } from '../api/chats.ts'
import type { Person } from '../api/types.ts'
import { Badge } from '../parts/badge.tsx'
import { Icon, type IconName } from '../parts/icon.tsx'
import { ToastProvider } from '../parts/toast.tsx'
import { visibleChats } from '../rules/chat-list.ts'
import { keyOf, type Screen, type Stack } from '../rules/stack.ts'
import { words } from '../words.ts'
import { AssistantScreen } from './assistant-screen.tsx'
import { ChatInfoScreen } from './chat-info-screen.tsx'
import { ChatScreen } from './chat-screen.tsx'
import { ChatsTab } from './chats-tab.tsx'
import { ContactsTab } from './contacts-tab.tsx'
import { PhoneProvider } from './context.ts'
import { CustomersTab } from './customers-tab.tsx'
import { DiscoverTab } from './discover-tab.tsx'
import { MeTab } from './me-tab.tsx'
import { MomentsScreen } from './moments-screen.tsx'
import { OfficialScreen } from './official-screen.tsx'
import styles from './phone.module.css'
import { ProfileScreen } from './profile-screen.tsx'
import { ScanScreen } from './scan-screen.tsx'
import { ScannedScreen } from './scanned-screen.tsx'
import { ShopScreen } from './shop/shop-screen.tsx'
import { useStack } from './use-stack.ts'
import { WebPage } from './web-page.tsx'

type Tab = 'chats' | 'contacts' | 'discover' | 'customers' | 'me'
const TABS: Record<Person['role'], readonly { tab: Tab; icon: IconName }[]> = {
  customer: [
    { tab: 'chats', icon: 'chats' },
    { tab: 'contacts', icon: 'contacts' },
    { tab: 'discover', icon: 'discover' },
    { tab: 'me', icon: 'me' },
  ],
  staff: [
    { tab: 'chats', icon: 'chats' },
    { tab: 'customers', icon: 'customers' },
    { tab: 'me', icon: 'me' },
  ],
}

type Props = {
  person: Person
  /** Screens to begin with, for deep links. */
  initial: Stack
  become: (id: string, chatWith?: string) => void
}

/** One person's phone: WeChat for a customer, WeCom for staff. Mounted anew for each person. */
export function Phone({ person, initial, become }: Props) {
  const t = useWords(words)
  const [tab, setTab] = useState<Tab>('chats')
  const { stack, leaving, push, pop, openChat, home } = useStack(initial)
  const unread = unreadTotal(visibleChats(useChats(person.id).data ?? [], person.role))
  const phone = useMemo(
    () => ({ person, push, pop, openChat, home, become }),
    [person, push, pop, openChat, home, become],
  )

  useEffect(() => {
    function onKey(event: KeyboardEvent) {
      if (event.key === 'Escape' && !event.defaultPrevented) pop()
    }
    window.addEventListener('keydown', onKey)
    return () => window.removeEventListener('keydown', onKey)
  }, [pop])

  const layers = stack.map((screen, depth) => layerOf(screen, depth, false))
  if (leaving) layers.push(layerOf(leaving, stack.length, true))

  return (
    <PhoneProvider value={phone}>
      <ToastProvider>
        <div
          className={person.role === 'staff' ? styles.wecom : styles.wechat}
          data-side={person.role}
          data-screen={stack.at(-1)?.name}
          data-tab={stack.length === 0 ? tab : undefined}
        >
          <div className={styles.base} inert={stack.length > 0}>
            <div className={styles.tabPage}>
              {tab === 'chats' && <ChatsTab />}
              {tab === 'contacts' && <ContactsTab />}
              {tab === 'discover' && <DiscoverTab />}
              {tab === 'customers' && <CustomersTab />}
              {tab === 'me' && <MeTab />}
            </div>
            <nav className={styles.tabs} aria-label={t('tabs.label')}>
              {TABS[person.role].map((item) => (
                <button
                  key={item.tab}
                  type="button"
                  className={styles.tab}
                  aria-current={tab === item.tab ? 'page' : undefined}
                  onClick={() => setTab(item.tab)}
                >
                  <span className={styles.tabIcon}>
                    <Icon name={item.icon} size={26} solid={tab === item.tab} />
                    {item.tab === 'chats' && <Badge count={unread} />}
                  </span>
                  {t(item.tab === 'chats' ? `tabs.chats.${person.role}` : `tabs.${item.tab}`)}
                </button>
              ))}
            </nav>
          </div>
          {layers.map(({ screen, key, depth, out }) => (
            <div key={key} className={out ? styles.layerOut : styles.layer} inert={out || depth < stack.length - 1}>
              <ScreenOf screen={screen} />
            </div>
          ))}
        </div>
      </ToastProvider>
    </PhoneProvider>
  )
}

function layerOf(screen: Screen, depth: number, out: boolean) {
  return { screen, depth, out, key: `${depth}:${keyOf(screen)}` }
}

function ScreenOf({ screen }: { screen: Screen }) {
  switch (screen.name) {
    case 'chat':
      return <ChatScreen peer={screen.peer} />
    case 'chatInfo':
      return <ChatInfoScreen peer={screen.peer} />
    case 'profile':
      return <ProfileScreen peer={screen.peer} />
    case 'official':
      return <OfficialScreen content={screen.content} />
    case 'shop':
      return <ShopScreen content={screen.content} />
    case 'web':
      return <WebPage address={screen.address} />
    case 'assistant':
      return <AssistantScreen />
    case 'moments':
      return <MomentsScreen />
    case 'scan':
      return <ScanScreen />
    case 'scanned':
      return <ScannedScreen content={screen.content} />
  }
}
