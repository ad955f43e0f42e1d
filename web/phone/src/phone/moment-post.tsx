import { useState } from 'react'
import { useWords } from '#shared/i18n/words.ts'
import { type Moment, useComment, useLike } from '../api/moments.ts'
import { usePerson } from '../api/people.ts'
import { Avatar } from '../parts/avatar.tsx'
import { Icon } from '../parts/icon.tsx'
import { Sheet } from '../parts/sheet.tsx'
import { useToast } from '../parts/toast.tsx'
import { chatTime } from '../rules/chat-time.ts'
import { safeLink } from '../rules/text-links.ts'
import { useNow } from '../stage/clock.ts'
import { words } from '../words.ts'
import { RichText } from './bubble.tsx'
import { usePhone } from './context.ts'
import { CorpMark, useTimeWords } from './display.tsx'
import styles from './moments.module.css'

const MINUTE_MS = 60_000

/** One Moment as WeChat shows it: who, what, when, and who liked and wrote under it. */
export function MomentPost({ moment }: { moment: Moment }) {
  const t = useWords(words)
  const { person } = usePhone()
  const now = useNow(MINUTE_MS)
  const time = useTimeWords()
  const author = usePerson(moment.userid)
  return (
    <li className={styles.post}>
      <Avatar src={author.data?.face} size={42} />
      <div className={styles.main}>
        <p className={styles.author}>
          {moment.author} <CorpMark corpName={author.data?.corpName} viewer="customer" />
        </p>
        <MomentContent moment={moment} />
        <div className={styles.foot}>
          <span>{chatTime(moment.publishedAtMs ?? moment.madeAtMs, now, time)}</span>
          {person.role === 'customer' ? (
            <Applaud moment={moment} />
          ) : (
            <span>{t('moments.seen', { count: moment.seen })}</span>
          )}
        </div>
        <Applause moment={moment} />
      </div>
    </li>
  )
}

/** Text, and pictures or a video or a link under it. */
export function MomentContent({ moment }: { moment: Moment }) {
  const { text, images, video, link } = moment
  return (
    <>
      {text !== '' && (
        <p className={styles.text}>
          <RichText text={text} />
        </p>
      )}
      {images.length > 0 && <Pictures images={images} />}
      {video !== undefined && <MomentVideo url={video} />}
      {link !== undefined && <MomentLink link={link} />}
    </>
  )
}

function MomentVideo({ url }: { url: string }) {
  const t = useWords(words)
  return (
    // A Moment's video carries no subtitles on the platform either.
    // biome-ignore lint/a11y/useMediaCaption: see above
    <video className={styles.video} src={url} controls preload="metadata" aria-label={t('preview.video')} />
  )
}

/** One stands alone, four by two, the rest three a row. */
function Pictures({ images }: { images: readonly string[] }) {
  const t = useWords(words)
  const [open, setOpen] = useState<string | undefined>()
  const layout = images.length === 1 ? styles.one : images.length === 4 ? styles.four : styles.nine
  return (
    <div className={layout}>
      {images.map((url, at) => (
        <button
          // biome-ignore lint/suspicious/noArrayIndexKey: a Moment's pictures never change places, and one may stand twice
          key={at}
          type="button"
          className={styles.picture}
          aria-label={t('moments.picture', { number: at + 1 })}
          onClick={() => setOpen(url)}
        >
          <img src={url} alt="" />
        </button>
      ))}
      {open !== undefined && (
        <Sheet label={t('preview.image')} kind="centre" onClose={() => setOpen(undefined)}>
          <button type="button" className={styles.viewer} aria-label={t('close')} onClick={() => setOpen(undefined)}>
            <img src={open} alt="" />
          </button>
        </Sheet>
      )}
    </div>
  )
}

/** A customer opens it in WeChat's own browser, where the brand may learn who he is; a member outside the phone. */
function MomentLink({ link }: { link: NonNullable<Moment['link']> }) {
  const { person, push } = usePhone()
  const [broken, setBroken] = useState(false)
  const address = safeLink(link.url)
  const inner = (
    <>
      {broken ? (
        <span className={styles.linkPicture}>
          <Icon name="link" />
        </span>
      ) : (
        <img className={styles.linkPicture} src={link.picture} alt="" onError={() => setBroken(true)} />
      )}
      <span className={styles.linkTitle}>{link.title || link.url}</span>
    </>
  )
  if (address === undefined) return <div className={styles.link}>{inner}</div>
  if (person.role === 'staff')
    return (
      <a className={styles.link} href={address} target="_blank" rel="noreferrer">
        {inner}
      </a>
    )
  return (
    <button type="button" className={styles.link} onClick={() => push({ name: 'web', address })}>
      {inner}
    </button>
  )
}

/** WeChat's two dots: like, or take it back; and comment. */
function Applaud({ moment }: { moment: Moment }) {
  const t = useWords(words)
  const toast = useToast()
  const { person } = usePhone()
  const [open, setOpen] = useState(false)
  const [writing, setWriting] = useState(false)
  const like = useLike(person.id)
  const comment = useComment(person.id)
  const onError = (error: Error) => toast(error.message, true)
  const liked = moment.likes.some(({ id }) => id === person.id)
  const of = { momentId: moment.momentId, userid: moment.userid }
  return (
    <span className={styles.applaud}>
      {open && (
        <span className={styles.strip}>
          <button
            type="button"
            disabled={like.isPending}
            onClick={() => like.mutate({ ...of, liked: !liked }, { onSuccess: () => setOpen(false), onError })}
          >
            <Icon name="heart" size={16} /> {t(liked ? 'moments.unlike' : 'moments.like')}
          </button>
          <button
            type="button"
            onClick={() => {
              setOpen(false)
              setWriting(true)
            }}
          >
            <Icon name="chats" size={16} /> {t('moments.comment')}
          </button>
        </span>
      )}
      <button
        type="button"
        className={styles.dots}
        aria-expanded={open}
        aria-label={t('moments.more')}
        onClick={() => setOpen(!open)}
      >
        <Icon name="more" size={18} />
      </button>
      {writing && (
        <Sheet label={t('moments.write')} onClose={() => setWriting(false)}>
          <WriteComment
            busy={comment.isPending}
            onSend={(text) => comment.mutate({ ...of, text }, { onSuccess: () => setWriting(false), onError })}
          />
        </Sheet>
      )}
    </span>
  )
}

function WriteComment({ busy, onSend }: { busy: boolean; onSend: (text: string) => void }) {
  const t = useWords(words)
  const [text, setText] = useState('')
  return (
    <form
      className={styles.write}
      onSubmit={(event) => {
        event.preventDefault()
        if (text.trim() !== '') onSend(text.trim())
      }}
    >
      <input
        className={styles.input}
        value={text}
        maxLength={500}
        placeholder={t('moments.comment')}
        aria-label={t('moments.write')}
        onChange={(event) => setText(event.target.value)}
      />
      <button type="submit" className={styles.send} disabled={busy || text.trim() === ''}>
        {t('moments.send')}
      </button>
    </form>
  )
}

function Applause({ moment: { likes, comments } }: { moment: Moment }) {
  const t = useWords(words)
  if (likes.length === 0 && comments.length === 0) return null
  return (
    <div className={styles.applause}>
      {likes.length > 0 && (
        <ul className={styles.likes} aria-label={t('moments.likes')}>
          {likes.map(({ id, name }) => (
            <li key={id}>{name}</li>
          ))}
        </ul>
      )}
      {comments.length > 0 && (
        <ul className={styles.comments} aria-label={t('moments.comments')}>
          {comments.map(({ id, name, text, atMs }) => (
            <li key={`${id} ${atMs} ${text}`}>
              <b>{name}</b>: {text}
            </li>
          ))}
        </ul>
      )}
    </div>
  )
}
