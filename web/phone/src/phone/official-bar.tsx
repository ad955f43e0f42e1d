import { useState } from 'react'
import { useWords } from '#shared/i18n/words.ts'
import { useOfficialAct, useStanding } from '../api/weixin.ts'
import { Icon } from '../parts/icon.tsx'
import { useToast } from '../parts/toast.tsx'
import { words } from '../words.ts'
import { Composer } from './composer.tsx'
import { usePhone } from './context.ts'
import styles from './official.module.css'

/** The chat with the brand's Official Account. */
export const officialPeer = 'app:service'

/** Below an Official Account's chat: its menu, or the keyboard; who does not follow may only follow. */
export function OfficialBar({ onSend }: { onSend: (text: string) => void }) {
  const t = useWords(words)
  const toast = useToast()
  const { person, push } = usePhone()
  const standing = useStanding(person.id)
  const [writing, setWriting] = useState(false)
  const follow = useOfficialAct<object>(person.id, 'follow')
  const menu = useOfficialAct<{ key: string }>(person.id, 'menu')
  const failed = { onError: (error: Error) => toast(error.message, true) }
  const following = standing.data?.accounts.find((one) => one.following !== undefined)?.following
  if (standing.isPending) return null
  if (following !== true)
    return (
      <div className={styles.bar}>
        <button
          type="button"
          className={styles.follow}
          disabled={follow.isPending}
          onClick={() => follow.mutate({}, failed)}
        >
          {t('official.follow')}
        </button>
      </div>
    )
  const tap = (key: string) => menu.mutate({ key }, { ...failed, onSuccess: () => toast(t('official.tapped')) })
  return (
    <div className={styles.bar}>
      <button
        type="button"
        className={styles.switch}
        aria-label={t(writing ? 'official.toMenu' : 'official.toKeyboard')}
        onClick={() => setWriting(!writing)}
      >
        <Icon name={writing ? 'stream' : 'chats'} />
      </button>
      {writing ? (
        <div className={styles.composer}>
          <Composer onSend={onSend} />
        </div>
      ) : (
        <>
          <button type="button" className={styles.item} onClick={() => tap('MEMBER')}>
            {t('official.menu.member')}
          </button>
          <button type="button" className={styles.item} onClick={() => push({ name: 'shop' })}>
            {t('official.menu.shop')}
          </button>
          <button type="button" className={styles.item} onClick={() => tap('SERVICE')}>
            {t('official.menu.service')}
          </button>
        </>
      )}
    </div>
  )
}
