import { useState } from 'react'
import { useWords } from '#shared/i18n/words.ts'
import { useTapCard } from '../api/tasks.ts'
import type { Message, MessageBody } from '../api/types.ts'
import { Icon } from '../parts/icon.tsx'
import { Sheet } from '../parts/sheet.tsx'
import { useToast } from '../parts/toast.tsx'
import { safeLink, splitLinks } from '../rules/text-links.ts'
import { words } from '../words.ts'
import styles from './chat.module.css'
import { usePhone } from './context.ts'

/** What stands inside a message, drawn as WeChat draws it. */
export function Bubble({ body, own }: { body: Exclude<MessageBody, { type: 'notice' }>; own: boolean }) {
  switch (body.type) {
    case 'text':
      return (
        <div className={own ? styles.bubbleOwn : styles.bubble}>
          <RichText text={body.content} />
        </div>
      )
    case 'image':
      return <Picture url={body.url} />
    case 'video':
      return <Video url={body.url} />
    case 'link':
      return <LinkCard title={body.title} desc={body.desc} picUrl={body.picUrl} url={body.url} />
    case 'card':
      return body.buttons === undefined && body.links === undefined && body.replaced === undefined ? (
        <AccountCard title={body.title} desc={body.description} url={body.url} />
      ) : (
        <ButtonCard body={body} />
      )
    case 'miniprogram':
      return <MiniProgram body={body} />
    case 'file':
      return <FileCard body={body} />
  }
}

/** Words, with what is a link in them. */
export function RichText({ text }: { text: string }) {
  return splitLinks(text).map((part, index) =>
    part.kind === 'link' ? (
      // biome-ignore lint/suspicious/noArrayIndexKey: the parts of one text never change places
      <a key={index} href={part.text} target="_blank" rel="noreferrer">
        {part.text}
      </a>
    ) : (
      part.text
    ),
  )
}

function Picture({ url }: { url: string }) {
  const t = useWords(words)
  const [open, setOpen] = useState(false)
  const [broken, setBroken] = useState(false)
  if (broken) {
    return (
      <div className={styles.broken}>
        <Icon name="image" size={32} />
        {t('message.broken')}
      </div>
    )
  }
  return (
    <>
      <button
        type="button"
        className={styles.picture}
        aria-label={t('message.openImage')}
        onClick={() => setOpen(true)}
      >
        <img src={url} alt={t('preview.image')} onError={() => setBroken(true)} />
      </button>
      {open && (
        <Sheet label={t('preview.image')} kind="centre" onClose={() => setOpen(false)}>
          <button type="button" className={styles.viewer} aria-label={t('close')} onClick={() => setOpen(false)}>
            <img src={url} alt="" />
          </button>
        </Sheet>
      )}
    </>
  )
}

function Video({ url }: { url: string }) {
  const t = useWords(words)
  return (
    // A welcome's video carries no subtitles on the platform either.
    // biome-ignore lint/a11y/useMediaCaption: see above
    <video className={styles.video} src={url} controls preload="metadata" aria-label={t('preview.video')} />
  )
}

type LinkProps = { title: string; desc?: string | undefined; picUrl?: string | undefined; url?: string | undefined }

/** A template or subscribe message: what it leads to is opened here, as this person. */
function AccountCard({ title, desc, url }: { title: string; desc: string; url?: string | undefined }) {
  const t = useWords(words)
  const { person, push } = usePhone()
  const lines = (
    <>
      <span className={styles.cardTitle}>{title}</span>
      <span className={styles.cardLines}>{desc}</span>
    </>
  )
  const page = safeLink(url)
  const mini = url?.startsWith('#mp:') === true || (url !== undefined && /^\/?pages\//.test(url))
  // an app's message to staff leads out of the phone, as every other link
  if (person.role !== 'customer') return <LinkCard title={title} desc={desc} url={url} />
  if (page === undefined && !mini) return <div className={styles.card}>{lines}</div>
  return (
    <button
      type="button"
      className={styles.card}
      onClick={() => push(page === undefined ? { name: 'shop' } : { name: 'web', address: page })}
    >
      {lines}
      <span className={styles.cardMore}>{t('message.details')}</span>
    </button>
  )
}

/** An app's card that a member answers here; what he tapped is told to the app, which changes the card. */
function ButtonCard({ body }: { body: Extract<MessageBody, { type: 'card' }> }) {
  const t = useWords(words)
  const toast = useToast()
  const { person } = usePhone()
  const tap = useTapCard(person.id)
  const page = safeLink(body.url)
  return (
    <div className={styles.card}>
      <span className={styles.cardTitle}>{body.title}</span>
      <span className={styles.cardLines}>{body.description}</span>
      {page && (
        <a className={styles.cardLines} href={page} target="_blank" rel="noreferrer">
          {t('message.details')}
        </a>
      )}
      <div className={styles.cardActs}>
        {body.replaced !== undefined && <span className={styles.cardDone}>{body.replaced}</span>}
        {(body.buttons ?? []).map(({ key, text }) => (
          <button
            key={key}
            type="button"
            className={styles.cardAct}
            disabled={tap.isPending}
            onClick={() =>
              tap.mutate({ cardId: body.cardId ?? '', key }, { onError: (error) => toast(error.message, true) })
            }
          >
            {text}
          </button>
        ))}
        {(body.links ?? []).map(({ url, text }) => (
          <a key={text} className={styles.cardAct} href={safeLink(url)} target="_blank" rel="noreferrer">
            {text}
          </a>
        ))}
      </div>
    </div>
  )
}

function LinkCard({ title, desc, picUrl, url }: LinkProps) {
  const [broken, setBroken] = useState(false)
  const href = safeLink(url)
  const inner = (
    <>
      <span className={styles.cardTitle}>{title}</span>
      <span className={styles.cardRow}>
        <span className={styles.cardDesc}>{desc}</span>
        {picUrl && !broken ? (
          <img className={styles.cardPicture} src={picUrl} alt="" onError={() => setBroken(true)} />
        ) : (
          <span className={styles.cardPicture}>
            <Icon name="link" />
          </span>
        )}
      </span>
    </>
  )
  if (!href) return <div className={styles.card}>{inner}</div>
  return (
    <a className={styles.card} href={href} target="_blank" rel="noreferrer">
      {inner}
    </a>
  )
}

function MiniProgram({ body }: { body: Extract<MessageBody, { type: 'miniprogram' }> }) {
  const t = useWords(words)
  const [open, setOpen] = useState(false)
  return (
    <>
      <button type="button" className={styles.mini} onClick={() => setOpen(true)}>
        <span className={styles.miniName}>
          <span className={styles.miniMark}>
            <Icon name="mini" size={14} />
          </span>
          {body.appId}
        </span>
        <span className={styles.miniTitle}>{body.title}</span>
        {body.picUrl ? (
          <img className={styles.miniPicture} src={body.picUrl} alt="" />
        ) : (
          <span className={styles.miniPicture}>
            <Icon name="mini" size={40} />
          </span>
        )}
        <span className={styles.miniFoot}>
          <Icon name="mini" size={12} /> {t('mini.foot')}
        </span>
      </button>
      {open && (
        <Sheet label={body.title} onClose={() => setOpen(false)}>
          <div className={styles.miniSheet}>
            <h2>{body.title}</h2>
            <p>{t('mini.explain')}</p>
            <dl>
              <dt>appid</dt>
              <dd>{body.appId}</dd>
              <dt>page</dt>
              <dd>{body.page}</dd>
            </dl>
            <button type="button" className={styles.sheetButton} onClick={() => setOpen(false)}>
              {t('close')}
            </button>
          </div>
        </Sheet>
      )}
    </>
  )
}

function FileCard({ body }: { body: Extract<MessageBody, { type: 'file' }> }) {
  const kind = body.name.includes('.') ? (body.name.split('.').at(-1) ?? '').slice(0, 4).toUpperCase() : ''
  return (
    <a className={styles.file} href={body.url} download={body.name}>
      <span className={styles.fileText}>
        <span className={styles.fileName}>{body.name}</span>
        <span className={styles.fileSize}>{sizeOf(body.size)}</span>
      </span>
      <span className={styles.fileIcon}>{kind || <Icon name="file" />}</span>
    </a>
  )
}

function sizeOf(bytes: number): string {
  if (bytes < 1024) return `${bytes} B`
  if (bytes < 1024 * 1024) return `${(bytes / 1024).toFixed(1)} KB`
  return `${(bytes / 1024 / 1024).toFixed(1)} MB`
}

/** How a message came about, for those who look closely; said by the platform's record, not guessed. */
export function originKey(message: Message) {
  return message.source === 'welcome' ||
    message.source === 'group_welcome' ||
    message.source === 'console_welcome' ||
    message.source === 'app'
    ? (`origin.${message.source}` as const)
    : undefined
}
