import { useState } from 'react'
import { useWords } from '#shared/i18n/words.ts'
import { type Moment, useMoments, usePublish } from '../api/moments.ts'
import { Avatar } from '../parts/avatar.tsx'
import { Badge } from '../parts/badge.tsx'
import { Empty } from '../parts/cells.tsx'
import { Icon } from '../parts/icon.tsx'
import { useToast } from '../parts/toast.tsx'
import { words } from '../words.ts'
import { usePhone } from './context.ts'
import { MomentContent, MomentPost } from './moment-post.tsx'
import styles from './moments.module.css'
import { NavBar } from './nav-bar.tsx'
import { OwnPost, OwnPostButton } from './own-post.tsx'
import phone from './phone.module.css'

/** 朋友圈 of a customer: what his contacts published. Of a member, 客户朋友圈: what he is asked to publish, and what he did. */
export function MomentsScreen() {
  const t = useWords(words)
  const { person, pop } = usePhone()
  const [writing, setWriting] = useState(false)
  const { data: moments = [], isPending, error } = useMoments(person.id)
  const staff = person.role === 'staff'
  const open = moments.filter(({ state }) => state === 'open')
  const published = moments.filter(({ state }) => state === 'published')
  const stopped = moments.filter(({ state }) => state === 'cancelled')
  return (
    <>
      <NavBar
        title={t(staff ? 'moments.staff' : 'moments.title')}
        onBack={pop}
        right={staff && <OwnPostButton kind="moment" onOpen={() => setWriting(true)} />}
      />
      <div className={phone.scroll}>
        {!staff && (
          <div className={styles.cover}>
            <span>{person.name}</span>
            <Avatar src={person.face} size={64} />
          </div>
        )}
        {isPending && <p className={phone.quietLine}>{t('loading')}</p>}
        {error && <p className={phone.badLine}>{error.message}</p>}
        {!isPending && !error && moments.length === 0 && (
          <Empty title={t('moments.empty')} hint={t(staff ? 'moments.empty.staff' : 'moments.empty.customer')} />
        )}
        {open.length > 0 && <h2 className={phone.initial}>{t('moments.open')}</h2>}
        <ul className={styles.tasks}>
          {[...open, ...stopped].map((moment) => (
            <MomentTask key={moment.momentId} moment={moment} />
          ))}
        </ul>
        {staff && published.length > 0 && <h2 className={phone.initial}>{t('moments.over')}</h2>}
        <ul className={styles.posts}>
          {published.map((moment) => (
            <MomentPost key={`${moment.momentId} ${moment.userid}`} moment={moment} />
          ))}
        </ul>
      </div>
      {writing && <OwnPost kind="moment" onClose={() => setWriting(false)} />}
    </>
  )
}

/** What the brand asks the member to publish: looked at as it will stand, then one tap. */
function MomentTask({ moment }: { moment: Moment }) {
  const t = useWords(words)
  const toast = useToast()
  const { person } = usePhone()
  const publish = usePublish(person.id)
  return (
    <li className={styles.task}>
      <p className={styles.from}>{t('moments.task', { corp: person.corpName ?? '' })}</p>
      <MomentContent moment={moment} />
      {moment.state === 'cancelled' ? (
        <p className={styles.from}>{t('moments.cancelled')}</p>
      ) : (
        <button
          type="button"
          className={styles.act}
          disabled={publish.isPending}
          onClick={() =>
            publish.mutate(moment, {
              onSuccess: ({ seen }) => toast(t('moments.published', { count: seen })),
              onError: (error) => toast(error.message, true),
            })
          }
        >
          {t('moments.publish')}
        </button>
      )}
    </li>
  )
}

/** The way to 客户朋友圈 above a member's customers, with how much waits. */
export function MomentsRow() {
  const t = useWords(words)
  const { person, push } = usePhone()
  const waiting = (useMoments(person.id).data ?? []).filter(({ state }) => state === 'open').length
  return (
    <button type="button" className={phone.row} onClick={() => push({ name: 'moments' })}>
      <span className={phone.rowFace}>
        <span className={styles.face}>
          <Icon name="aperture" size={26} />
        </span>
        <Badge count={waiting} />
      </span>
      <span className={phone.rowMain}>
        <span className={phone.rowTop}>
          <span className={phone.rowName}>{t('moments.staff')}</span>
        </span>
        <span className={phone.rowPreview}>
          {waiting > 0 ? t('moments.waiting', { count: waiting }) : t('moments.none')}
        </span>
      </span>
    </button>
  )
}
