import { PlayCircleFilled } from '@ant-design/icons'
import { Fragment, type ReactNode } from 'react'
import { bytes } from '#shared/format/number.ts'
import { useWords } from '#shared/i18n/words.ts'
import styles from './PhonePreview.module.css'
import { splitPlaceholders } from './placeholders.ts'
import { words } from './words.ts'

export type PreviewMessage =
  | { kind: 'text'; text: string }
  | { kind: 'image'; picture?: string }
  | { kind: 'link'; title: string; description?: string; picture?: string }
  | { kind: 'mini_program'; title: string; appName?: string; picture?: string }
  | { kind: 'video'; picture?: string }
  | { kind: 'file'; name: string; size?: number }

export interface PhonePreviewProps {
  /** Whom the customer talks with, and the corp behind the «@». */
  staffName: string
  corpName: string
  messages: readonly PreviewMessage[]
  /** The name of the group in which it stands; without it the chat of one customer. */
  group?: string
  /** Example values for `{占位符}`; one without a value is marked. */
  values?: Readonly<Record<string, string>>
}

/** The chat as the customer sees it in WeChat, drawn while the form is being filled in. */
export function PhonePreview({ staffName, corpName, messages, group, values = {} }: PhonePreviewProps) {
  const t = useWords(words)
  const speaker = (
    <>
      {staffName}
      <span className={styles.corp}>@{corpName}</span>
    </>
  )
  return (
    <PhoneFrame label={t('phone.label')} title={group ?? speaker}>
      <div className={styles.chat}>
        {group === undefined && <p className={styles.notice}>{t('phone.added', { name: staffName })}</p>}
        {messages.length === 0 && <p className={styles.notice}>{t('phone.empty')}</p>}
        {messages.map((message, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a message has no name but its place
          <div key={index} className={styles.row}>
            <span className={styles.face} aria-hidden="true">
              {faceOf(staffName)}
            </span>
            <div className={styles.said}>
              {group !== undefined && <span className={styles.speaker}>{speaker}</span>}
              <Bubble message={message} values={values} />
            </div>
          </div>
        ))}
      </div>
      <div className={styles.input} aria-hidden="true">
        <span className={styles.field} />
      </div>
    </PhoneFrame>
  )
}

/** The sign in a face without a picture: of a Chinese name its last, of another its first. */
export function faceOf(name: string): string {
  const [first = '', last = ''] = [name.slice(0, 1), name.slice(-1)]
  return /\p{Script=Han}/u.test(last) ? last : first.toUpperCase()
}

/** The phone around what is shown, with WeChat's bar at its top. */
export function PhoneFrame({ label, title, children }: { label: string; title: ReactNode; children: ReactNode }) {
  return (
    <section className={styles.phone} aria-label={label}>
      <div className={styles.bar}>
        <span className={styles.back} aria-hidden="true">
          ‹
        </span>
        <span className={styles.peer}>{title}</span>
        <span className={styles.more} aria-hidden="true">
          ···
        </span>
      </div>
      {children}
    </section>
  )
}

/** A text with its placeholders as customers read them; one without a value is marked. */
export function PlaceholderText({ text, values }: { text: string; values: Readonly<Record<string, string>> }) {
  return splitPlaceholders(text).map((part, index) => {
    const key = `${index}${part.text}`
    if (!part.placeholder) return <Fragment key={key}>{part.text}</Fragment>
    const value = values[part.name]
    return value === undefined ? <mark key={key}>{part.text}</mark> : <Fragment key={key}>{value}</Fragment>
  })
}

function Bubble({ message, values }: { message: PreviewMessage; values: Readonly<Record<string, string>> }) {
  const t = useWords(words)
  switch (message.kind) {
    case 'text':
      return (
        <div className={styles.text}>
          <PlaceholderText text={message.text} values={values} />
        </div>
      )
    case 'image':
      return <Picture url={message.picture} label={t('phone.image')} className={styles.image} />
    case 'video':
      return (
        <div className={styles.video}>
          <Picture url={message.picture} label={t('phone.video')} className={styles.image} />
          <PlayCircleFilled className={styles.play} aria-hidden="true" />
        </div>
      )
    case 'link':
      return (
        <div className={styles.card}>
          <div className={styles.cardTitle}>{message.title}</div>
          <div className={styles.cardBody}>
            <span className={styles.cardText}>{message.description}</span>
            <Picture url={message.picture} label="" className={styles.thumb} />
          </div>
        </div>
      )
    case 'mini_program':
      return (
        <div className={styles.card}>
          <div className={styles.app}>{message.appName ?? t('phone.miniProgram')}</div>
          <div className={styles.cardTitle}>{message.title}</div>
          <Picture url={message.picture} label={t('phone.miniProgram')} className={styles.cover} />
          <div className={styles.cardFoot}>{t('phone.miniProgram')}</div>
        </div>
      )
    case 'file':
      return (
        <div className={styles.file}>
          <div>
            <div className={styles.cardTitle}>{message.name}</div>
            {message.size !== undefined && <div className={styles.cardFoot}>{bytes(message.size)}</div>}
          </div>
          <span className={styles.fileKind} aria-hidden="true">
            {(message.name.split('.').at(-1) ?? '').slice(0, 4).toUpperCase()}
          </span>
        </div>
      )
  }
}

function Picture({ url, label, className }: { url: string | undefined; label: string; className: string | undefined }) {
  return url === undefined ? (
    <div className={`${className} ${styles.noPicture}`}>{label}</div>
  ) : (
    <img className={className} src={url} alt={label} />
  )
}
