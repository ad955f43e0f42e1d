import { Fragment, useEffect, useRef, useState } from 'react'
import { useWords } from '#shared/i18n/words.ts'
import { isOwn, unreadTotal, useAccept, useChats, useMarkRead, useMessages, useWrite } from '../api/chats.ts'
import { usePerson } from '../api/people.ts'
import type { Chat, Message } from '../api/types.ts'
import { useOfficial } from '../api/weixin.ts'
import { Avatar } from '../parts/avatar.tsx'
import { Icon } from '../parts/icon.tsx'
import { useToast } from '../parts/toast.tsx'
import { chatTime, needsTimeLine } from '../rules/chat-time.ts'
import { type Pending, pendingOf, stillPending } from '../rules/sending.ts'
import { useNow } from '../stage/clock.ts'
import { words } from '../words.ts'
import { Bubble, originKey } from './bubble.tsx'
import styles from './chat.module.css'
import { Composer } from './composer.tsx'
import { usePhone } from './context.ts'
import { CorpMark, useTimeWords } from './display.tsx'
import { NavBar } from './nav-bar.tsx'
import { OfficialBar, officialPeer } from './official-bar.tsx'
import phoneStyles from './phone.module.css'

export function ChatScreen({ peer }: { peer: string }) {
  const t = useWords(words)
  const { person, pop, push, become } = usePhone()
  const chats = useChats(person.id)
  const chat = chats.data?.find((one) => one.peer === peer)
  const messages = useMessages(person.id, peer)
  const scroller = useRef<HTMLDivElement>(null)
  const { mutate: markRead } = useMarkRead(person.id, peer)
  const unread = chat?.unread ?? 0
  const { pending, send, retry } = useSending(person.id, peer, messages.data ?? [], () =>
    scroller.current?.scrollTo({ top: 0 }),
  )

  useEffect(() => {
    if (unread > 0) markRead()
  }, [unread, markRead])

  const elsewhere = unreadTotal(chats.data?.filter((one) => one.peer !== peer))
  return (
    <>
      <NavBar
        title={<ChatTitle peer={peer} chat={chat} />}
        onBack={pop}
        backCount={elsewhere}
        right={
          <>
            {chat?.kind === 'single' && (
              <button
                type="button"
                className={phoneStyles.navButton}
                aria-label={t('chat.otherSide')}
                title={t('chat.otherSide')}
                onClick={() => become(peer, person.id)}
              >
                <Icon name="swap" />
              </button>
            )}
            {person.role === 'customer' && peer === officialPeer && (
              <button
                type="button"
                className={phoneStyles.navButton}
                aria-label={t('official.page')}
                onClick={() => push({ name: 'official' })}
              >
                <Icon name="me" />
              </button>
            )}
            {chat && chat.kind !== 'app' && (
              <button
                type="button"
                className={phoneStyles.navButton}
                aria-label={t('chat.info')}
                onClick={() => push({ name: 'chatInfo', peer })}
              >
                <Icon name="more" />
              </button>
            )}
          </>
        }
      />
      {chat && <StatusStrip chat={chat} />}
      {/* Laid out from the bottom, so the newest message is in view and stays there as others come. */}
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolled region must be reachable by keyboard */}
      <div ref={scroller} className={styles.scroller} tabIndex={0} role="log" aria-label={t('chat.log')}>
        <div className={styles.messages}>
          {messages.hasNextPage && (
            <button
              type="button"
              className={styles.older}
              disabled={messages.isFetchingNextPage}
              onClick={() => void messages.fetchNextPage()}
            >
              {t('chat.older')}
            </button>
          )}
          {messages.isPending && <p className={styles.notice}>{t('loading')}</p>}
          {messages.isError && <p className={styles.notice}>{messages.error.message}</p>}
          <MessageList messages={messages.data ?? []} group={chat?.kind === 'group'} />
          {pending.map((one) => (
            <div key={one.id} className={styles.lineOwn}>
              <Avatar src={person.face} size={40} />
              <div className={styles.bubbleOwn}>{one.text}</div>
              {one.failed ? (
                <button type="button" className={styles.failed} aria-label={t('chat.retry')} onClick={() => retry(one)}>
                  !
                </button>
              ) : (
                <span className={styles.spinner} aria-label={t('chat.sending')} role="img" />
              )}
            </div>
          ))}
        </div>
      </div>
      {person.role === 'customer' && peer === officialPeer ? (
        <OfficialBar onSend={send} />
      ) : chat?.kind === 'app' ? null : (
        <Composer onSend={send} />
      )}
    </>
  )
}

/** The bubble stands at once; it becomes the platform's own message when that has come. */
function useSending(person: string, peer: string, messages: readonly Message[], onShown: () => void) {
  const toast = useToast()
  const write = useWrite(person, peer)
  const next = useRef(0)
  const [pending, setPending] = useState<Pending[]>([])

  function deliver(one: Pending) {
    write
      .mutateAsync(one.text)
      .then(() => setPending((all) => all.filter((other) => other.id !== one.id)))
      .catch((error: Error) => {
        toast(error.message, true)
        setPending((all) => all.map((other) => (other.id === one.id ? { ...other, failed: true } : other)))
      })
  }
  function send(text: string) {
    next.current += 1
    const one = pendingOf(next.current, text, messages, person, pending)
    setPending((all) => [...all, one])
    onShown()
    deliver(one)
  }
  function retry(one: Pending) {
    setPending((all) => all.map((other) => (other.id === one.id ? { ...other, failed: false } : other)))
    deliver(one)
  }
  return { pending: stillPending(pending, messages, person), send, retry }
}

function ChatTitle({ peer, chat }: { peer: string; chat: Chat | undefined }) {
  const { person } = usePhone()
  const isOfficial = peer === officialPeer
  const official = useOfficial()
  const other = usePerson(chat || isOfficial ? undefined : peer)
  const name = (isOfficial ? official?.name : (chat?.name ?? other.data?.name)) ?? ''
  const single = !isOfficial && (chat === undefined || chat.kind === 'single')
  return (
    <span className={styles.title}>
      <span className={styles.titleName}>
        {chat?.kind === 'group' && chat.memberCount !== undefined ? `${name}(${chat.memberCount})` : name}
      </span>
      {single && <CorpMark corpName={chat?.corpName ?? other.data?.corpName} viewer={person.role} />}
    </span>
  )
}

/** Says why this chat is not an ordinary one, and offers what to do. */
function StatusStrip({ chat }: { chat: Chat }) {
  const t = useWords(words)
  const toast = useToast()
  const { person } = usePhone()
  const accept = useAccept(person)
  const status = chat.status
  // Who was deleted is not told: he learns it when he writes and the message is refused.
  const silent = person.role === 'staff' ? 'deleted_by_customer' : 'deleted_by_member'
  if (chat.kind !== 'single' || status === undefined || status === 'friends' || status === silent) return null
  const waiting = status === 'half' || status === 'requested'
  const sentence =
    status === 'half' || status === 'requested'
      ? (`status.${status}.${person.role}` as const)
      : (`status.deleted_by_both.${person.role}` as const)
  return (
    <div className={styles.strip} role="note">
      <span>{t(sentence)}</span>
      {waiting && person.role === 'staff' && (
        <button
          type="button"
          className={phoneStyles.smallButton}
          disabled={accept.isPending}
          onClick={() => accept.mutate({ peer: chat.peer }, { onError: (error) => toast(error.message, true) })}
        >
          {t('customers.accept')}
        </button>
      )}
    </div>
  )
}

function MessageList({ messages, group }: { messages: readonly Message[]; group: boolean }) {
  const t = useWords(words)
  const now = useNow(60_000)
  const time = useTimeWords()
  return messages.map((message, index) => (
    <Fragment key={message.id}>
      {needsTimeLine(messages[index - 1]?.atMs, message.atMs) && (
        <p className={styles.time}>{chatTime(message.atMs, now, time)}</p>
      )}
      {message.recalled ? (
        <p className={styles.notice}>{t('message.recalled')}</p>
      ) : (
        <Line message={message} group={group} />
      )}
    </Fragment>
  ))
}

function Line({ message, group }: { message: Message; group: boolean }) {
  const t = useWords(words)
  const { person, push } = usePhone()
  const { body } = message
  if (body.type === 'notice') return <p className={styles.notice}>{body.text}</p>
  const own = isOwn(message, person)
  const origin = originKey(message)
  const face = <Avatar src={own ? person.face : (message.fromFace ?? `/faces/${message.from}.svg`)} size={40} />
  const from = message.from
  return (
    <div className={own ? styles.lineOwn : styles.line}>
      {own || from === null || from.startsWith('app:') ? (
        face
      ) : (
        <button
          type="button"
          className={styles.faceButton}
          aria-label={t('chat.profileOf', { name: message.fromName })}
          onClick={() => push({ name: 'profile', peer: from })}
        >
          {face}
        </button>
      )}
      <div className={styles.lineBody}>
        {group && !own && <span className={styles.fromName}>{message.fromName}</span>}
        <Bubble body={body} own={own} />
        {origin && person.role === 'staff' && (
          <span className={styles.origin}>{t(origin, { app: message.appKey ?? '' })}</span>
        )}
      </div>
    </div>
  )
}
