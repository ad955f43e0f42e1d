import { useState } from 'react'
import { useWords } from '#shared/i18n/words.ts'
import { type Moment, usePublish } from '../api/moments.ts'
import { openTasks, useConfirm, useTasks } from '../api/tasks.ts'
import { Badge } from '../parts/badge.tsx'
import { Empty } from '../parts/cells.tsx'
import { Icon } from '../parts/icon.tsx'
import { useToast } from '../parts/toast.tsx'
import { listTime } from '../rules/chat-time.ts'
import { useNow } from '../stage/clock.ts'
import { words } from '../words.ts'
import styles from './assistant.module.css'
import { usePhone } from './context.ts'
import { useTimeWords } from './display.tsx'
import { MomentContent } from './moment-post.tsx'
import { NavBar } from './nav-bar.tsx'
import { OwnPost, OwnPostButton } from './own-post.tsx'
import phone from './phone.module.css'

const MINUTE_MS = 60_000

/** 群发助手: what the brand asks the member to send; one tap each, the open ones first. */
export function AssistantScreen() {
  const t = useWords(words)
  const toast = useToast()
  const { person, pop } = usePhone()
  const [writing, setWriting] = useState(false)
  const { sends, moments, isPending } = useTasks(person.id)
  const send = useConfirm(person.id)
  const publish = usePublish(person.id)
  const done = { onError: (error: Error) => toast(error.message, true) }
  const tasks = [
    ...sends.map((task) => ({
      ...{ key: task.msgid, at: task.madeAtMs, state: task.state, text: task.text, kind: task.chatType },
      ...{ attachments: task.attachments, targets: task.counts.targets, sent: task.counts.sent },
      act: () => send.mutate(task.msgid, { ...done, onSuccess: () => toast(t('assistant.done')) }),
      busy: send.isPending && send.variables === task.msgid,
    })),
    ...moments.map((moment) => ({
      ...{ key: moment.momentId, at: moment.madeAtMs, text: moment.text, kind: 'moment' as const },
      ...{ moment, attachments: 0, targets: moment.chosen, sent: moment.seen },
      state: moment.state === 'published' ? ('sent' as const) : moment.state,
      act: () => publish.mutate(moment, { ...done, onSuccess: () => toast(t('assistant.done')) }),
      busy: publish.isPending && publish.variables.momentId === moment.momentId,
    })),
  ]
  const open = tasks.filter(({ state }) => state === 'open')
  const over = tasks.filter(({ state }) => state !== 'open')
  return (
    <>
      <NavBar
        title={t('assistant.title')}
        onBack={pop}
        right={<OwnPostButton kind="send" onOpen={() => setWriting(true)} />}
      />
      <div className={phone.scroll}>
        {isPending && <p className={phone.quietLine}>{t('loading')}</p>}
        {!isPending && tasks.length === 0 && <Empty title={t('assistant.empty')} hint={t('assistant.empty.hint')} />}
        <ul className={styles.tasks}>
          {open.map((task) => (
            <TaskCard key={task.key} task={task} />
          ))}
        </ul>
        {over.length > 0 && <h2 className={phone.initial}>{t('assistant.over')}</h2>}
        <ul className={styles.tasks}>
          {over.map((task) => (
            <TaskCard key={task.key} task={task} />
          ))}
        </ul>
      </div>
      {writing && <OwnPost kind="send" onClose={() => setWriting(false)} />}
    </>
  )
}

interface Task {
  readonly at: number
  readonly state: 'open' | 'sent' | 'cancelled'
  readonly text: string
  readonly kind: 'single' | 'group' | 'moment'
  readonly attachments: number
  readonly targets: number
  readonly sent: number
  /** Shown as it will stand. */
  readonly moment?: Moment
  readonly act: () => void
  readonly busy: boolean
}

function TaskCard({ task }: { task: Task }) {
  const t = useWords(words)
  const now = useNow(MINUTE_MS)
  const time = useTimeWords()
  const { kind, state, targets, attachments } = task
  return (
    <li className={styles.task}>
      <p className={styles.head}>
        <b>{kind === 'moment' ? t('assistant.moment') : t(`assistant.to.${kind}`, { count: targets })}</b>
        {task.at > 0 && <span>{listTime(task.at, now, time)}</span>}
      </p>
      {task.moment === undefined ? <p className={styles.text}>{task.text}</p> : <MomentContent moment={task.moment} />}
      {attachments > 0 && <p className={styles.more}>{t('assistant.attachments', { count: attachments })}</p>}
      {state === 'open' ? (
        <button type="button" className={styles.act} disabled={task.busy} onClick={task.act}>
          {t(kind === 'moment' ? 'assistant.publish' : 'assistant.send')}
        </button>
      ) : (
        <p className={styles.more}>
          {state === 'sent' && kind !== 'moment'
            ? t('assistant.sent', { count: task.sent, of: targets })
            : t(state === 'sent' ? 'assistant.published' : 'assistant.cancelled')}
        </p>
      )}
    </li>
  )
}

/** The assistant's row above a member's chats, with how much waits. */
export function AssistantRow() {
  const t = useWords(words)
  const { person, push } = usePhone()
  const tasks = useTasks(person.id)
  const waiting = openTasks(tasks)
  return (
    <li>
      <button type="button" className={phone.row} onClick={() => push({ name: 'assistant' })}>
        <span className={phone.rowFace}>
          <span className={styles.face}>
            <Icon name="bolt" size={26} />
          </span>
          <Badge count={waiting} />
        </span>
        <span className={phone.rowMain}>
          <span className={phone.rowTop}>
            <span className={phone.rowName}>{t('assistant.title')}</span>
          </span>
          <span className={phone.rowPreview}>
            {waiting > 0 ? t('assistant.waiting', { count: waiting }) : t('assistant.none')}
          </span>
        </span>
      </button>
    </li>
  )
}
