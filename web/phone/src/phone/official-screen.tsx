import { useWords } from '#shared/i18n/words.ts'
import { useOfficial, useOfficialAct, useReceptionAct, useStanding } from '../api/weixin.ts'
import { Avatar } from '../parts/avatar.tsx'
import { Cell, CellAct, Cells, SwitchCell } from '../parts/cells.tsx'
import { useToast } from '../parts/toast.tsx'
import { words } from '../words.ts'
import { usePhone } from './context.ts'
import { MessageSettings } from './message-settings.tsx'
import { NavBar } from './nav-bar.tsx'
import { officialPeer } from './official-bar.tsx'
import styles from './phone.module.css'

/** The Official Account's page: follow it, go to its chat, leave it. `content`: the code that led here, which is told then. */
export function OfficialScreen({ content }: { content?: string | undefined }) {
  const t = useWords(words)
  const toast = useToast()
  const { person, pop, push, openChat } = usePhone()
  const official = useOfficial()
  const standing = useStanding(person.id)
  const follow = useOfficialAct<object>(person.id, 'follow')
  const scan = useOfficialAct<{ content: string }>(person.id, 'scan')
  const unfollow = useOfficialAct<object>(person.id, 'unfollow')
  const receive = useReceptionAct<{ receive: boolean }>(person.id, 'oa/receive')
  const account = standing.data?.accounts.find((one) => one.following !== undefined)
  const following = account?.following === true
  const failed = { onError: (error: Error) => toast(error.message, true) }
  const enter = { ...failed, onSuccess: () => openChat(officialPeer) }
  const busy = follow.isPending || scan.isPending

  function go() {
    if (content !== undefined) scan.mutate({ content }, enter)
    else if (following) openChat(officialPeer)
    else follow.mutate({}, enter)
  }

  return (
    <>
      <NavBar title={<span className="visually-hidden">{t('official.page')}</span>} onBack={pop} />
      <div className={styles.scroll}>
        <div className={styles.officialHead}>
          <Avatar src="/faces/app:service.svg" size={72} />
          <p className={styles.profileName}>{official?.name ?? ''}</p>
          <p className={styles.officialSay}>{t('official.say')}</p>
          <button type="button" className={styles.followButton} disabled={busy || standing.isPending} onClick={go}>
            {t(following ? 'official.enter' : 'official.follow')}
          </button>
        </div>
        <Cells>
          <Cell label={t('official.kindLabel')} value={t('official.kind')} />
          <Cell label={t('official.shop')} onClick={() => push({ name: 'shop' })} />
        </Cells>
        {following && (
          <Cells>
            <SwitchCell
              label={t('official.receive')}
              on={account?.blocked === false}
              disabled={receive.isPending}
              onChange={(on) => receive.mutate({ receive: on }, failed)}
            />
            <MessageSettings account="service" use="template" />
          </Cells>
        )}
        {following && (
          <CellAct
            bad
            label={t('official.unfollow')}
            disabled={unfollow.isPending}
            onClick={() => unfollow.mutate({}, { ...failed, onSuccess: () => toast(t('official.left')) })}
          />
        )}
      </div>
    </>
  )
}
