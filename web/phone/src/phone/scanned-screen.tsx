import { currentLanguage } from '#shared/i18n/i18n.ts'
import { useWords } from '#shared/i18n/words.ts'
import { useAdd, useJoin } from '../api/chats.ts'
import { useScan } from '../api/people.ts'
import type { AddResponse, ScanResponse } from '../api/types.ts'
import { Avatar } from '../parts/avatar.tsx'
import { CellAct, Empty } from '../parts/cells.tsx'
import { useToast } from '../parts/toast.tsx'
import { words } from '../words.ts'
import { usePhone } from './context.ts'
import { NavBar } from './nav-bar.tsx'
import { OfficialScreen } from './official-screen.tsx'
import styles from './phone.module.css'
import { Card } from './profile-screen.tsx'
import { ShopScreen } from './shop/shop-screen.tsx'
import { WebPage } from './web-page.tsx'

/** What is behind the code: a member to add, a group to join, or a page to open. */
export function ScannedScreen({ content }: { content: string }) {
  const t = useWords(words)
  const { person, pop } = usePhone()
  const scanned = useScan(person, content)
  if (scanned.data?.kind === 'url') return <WebPage address={scanned.data.url} />
  if (scanned.data?.kind === 'official') return <OfficialScreen content={content} />
  if (scanned.data?.kind === 'miniprogram') return <ShopScreen content={content} />
  return (
    <>
      <NavBar title={<span className="visually-hidden">{t('scan.result')}</span>} onBack={pop} />
      <div className={styles.scroll}>
        {scanned.isPending && <p className={styles.quietLine}>{t('scan.looking')}</p>}
        {scanned.isError && (
          <Empty
            title={t('scan.failed')}
            hint={scanned.error.message}
            act={
              <button type="button" className={styles.mainButton} onClick={() => void scanned.refetch()}>
                {t('retry')}
              </button>
            }
          />
        )}
        {scanned.data && isOfWecom(scanned.data) && <Found found={scanned.data} content={content} />}
      </div>
    </>
  )
}

type OfWecom = Exclude<ScanResponse, { kind: 'url' | 'official' | 'miniprogram' }>

function isOfWecom(found: ScanResponse): found is OfWecom {
  return found.kind === 'contact_way' || found.kind === 'link' || found.kind === 'join_way'
}

function Found({ found, content }: { found: OfWecom; content: string }) {
  switch (found.kind) {
    case 'contact_way':
    case 'link':
      return <MemberCard found={found} content={content} />
    case 'join_way':
      return <GroupCard found={found} content={content} />
  }
}

function MemberCard({ found, content }: { found: Extract<ScanResponse, { member: unknown }>; content: string }) {
  const t = useWords(words)
  const toast = useToast()
  const { person, openChat } = usePhone()
  const add = useAdd(person)

  function onAnswer(answer: AddResponse) {
    if (answer.outcome === 'refused') {
      const reason = currentLanguage() === 'zh-CN' ? answer.reason?.messageZh : answer.reason?.message
      toast(reason ?? t('add.refused'), true)
      return
    }
    if (answer.outcome === 'requested') toast(t('add.requested'))
    openChat(answer.peer)
  }

  return (
    <>
      <Card other={found.member} />
      <p className={styles.note}>{t(found.skipVerify ? 'add.noVerify' : 'add.verify')}</p>
      {found.alreadyFriends ? (
        <CellAct label={t('profile.write')} onClick={() => openChat(found.member.id)} />
      ) : (
        <CellAct
          label={t(add.isPending ? 'add.adding' : 'add.button')}
          disabled={add.isPending}
          onClick={() =>
            add.mutate({ content }, { onSuccess: onAnswer, onError: (error) => toast(error.message, true) })
          }
        />
      )}
      <p className={styles.note}>{t('add.note', { corp: found.member.corpName ?? '' })}</p>
    </>
  )
}

function GroupCard({ found, content }: { found: Extract<ScanResponse, { kind: 'join_way' }>; content: string }) {
  const t = useWords(words)
  const toast = useToast()
  const { person, openChat } = usePhone()
  const join = useJoin(person)
  return (
    <div className={styles.joinCard}>
      <Avatar src={`/faces/${found.group.chatId}.svg`} size={72} />
      <p className={styles.profileName}>{found.group.name}</p>
      <p className={styles.meId}>{t('group.memberCount', { count: found.group.memberCount })}</p>
      <button
        type="button"
        className={styles.mainButton}
        disabled={join.isPending}
        onClick={() =>
          found.alreadyMember
            ? openChat(found.group.chatId)
            : join.mutate(
                { content },
                { onSuccess: (answer) => openChat(answer.chatId), onError: (error) => toast(error.message, true) },
              )
        }
      >
        {t(found.alreadyMember ? 'group.enter' : 'group.join')}
      </button>
    </div>
  )
}
