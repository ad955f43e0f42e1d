import { useWords } from '#shared/i18n/words.ts'
import { unreadTotal, useChats } from '../api/chats.ts'
import type { Chat } from '../api/types.ts'
import { Avatar } from '../parts/avatar.tsx'
import { Badge } from '../parts/badge.tsx'
import { Empty } from '../parts/cells.tsx'
import { Icon } from '../parts/icon.tsx'
import { visibleChats } from '../rules/chat-list.ts'
import { listTime } from '../rules/chat-time.ts'
import { useNow } from '../stage/clock.ts'
import { words } from '../words.ts'
import { AssistantRow } from './assistant-screen.tsx'
import { usePhone } from './context.ts'
import { CorpMark, previewOf, useTimeWords } from './display.tsx'
import { NavBar } from './nav-bar.tsx'
import styles from './phone.module.css'

const MINUTE_MS = 60_000

export function ChatsTab() {
  const t = useWords(words)
  const { person, push } = usePhone()
  const chats = useChats(person.id)
  const now = useNow(MINUTE_MS)
  const list = visibleChats(chats.data ?? [], person.role)
  const unread = unreadTotal(list)
  const title = t(`tabs.chats.${person.role}`)
  return (
    <>
      <NavBar
        title={unread > 0 ? `${title}(${unread})` : title}
        right={
          person.role === 'customer' && (
            <button
              type="button"
              className={styles.navButton}
              aria-label={t('scan.title')}
              onClick={() => push({ name: 'scan' })}
            >
              <Icon name="scan" />
            </button>
          )
        }
      />
      <div className={styles.scroll}>
        {person.role === 'staff' && (
          <ul className={styles.rows}>
            <AssistantRow />
          </ul>
        )}
        {chats.isSuccess && list.length === 0 && (
          <Empty
            title={t('chats.empty')}
            hint={t(`chats.empty.${person.role}`)}
            act={
              person.role === 'customer' && (
                <button type="button" className={styles.mainButton} onClick={() => push({ name: 'scan' })}>
                  {t('scan.title')}
                </button>
              )
            }
          />
        )}
        {chats.isPending && <p className={styles.quietLine}>{t('loading')}</p>}
        {chats.isError && <p className={styles.badLine}>{chats.error.message}</p>}
        <ul className={styles.rows}>
          {list.map((chat) => (
            <ChatRow key={chat.peer} chat={chat} now={now} />
          ))}
        </ul>
      </div>
    </>
  )
}

function ChatRow({ chat, now }: { chat: Chat; now: number }) {
  const t = useWords(words)
  const { person, push } = usePhone()
  const time = useTimeWords()
  const from = chat.kind === 'group' && chat.last?.from && chat.last.from !== person.id ? `${chat.last.fromName}: ` : ''
  const waiting = chat.status === 'half' || chat.status === 'requested'
  return (
    <li>
      <button type="button" className={styles.row} onClick={() => push({ name: 'chat', peer: chat.peer })}>
        <span className={styles.rowFace}>
          <Avatar src={chat.face} />
          <Badge count={chat.unread} />
        </span>
        <span className={styles.rowMain}>
          <span className={styles.rowTop}>
            <span className={styles.rowName}>{chat.name}</span>
            {chat.kind === 'single' && <CorpMark corpName={chat.corpName} viewer={person.role} />}
            {chat.kind === 'group' && chat.memberCount !== undefined && (
              <span className={styles.rowCount}>({chat.memberCount})</span>
            )}
          </span>
          <span className={styles.rowPreview}>
            {waiting && person.role === 'staff' && <b className={styles.rowWaiting}>{t('chats.waiting')} </b>}
            {from}
            {previewOf(chat.last, t)}
          </span>
        </span>
        <span className={styles.rowTime}>{listTime(chat.lastAtMs, now, time)}</span>
        {chat.unread > 0 && <span className="visually-hidden">{t('chats.unread', { count: chat.unread })}</span>}
      </button>
    </li>
  )
}
