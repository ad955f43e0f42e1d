import { useState } from 'react'
import { useWords } from '#shared/i18n/words.ts'
import { useChats, useLeave } from '../api/chats.ts'
import { useGroup } from '../api/people.ts'
import { Avatar } from '../parts/avatar.tsx'
import { Cell, CellAct, Cells } from '../parts/cells.tsx'
import { Confirm } from '../parts/confirm.tsx'
import { useToast } from '../parts/toast.tsx'
import { words } from '../words.ts'
import { usePhone } from './context.ts'
import { DeleteContact } from './delete-contact.tsx'
import { NavBar } from './nav-bar.tsx'
import styles from './phone.module.css'

/** WeChat's «聊天信息»: who is in the chat, and how to end it. */
export function ChatInfoScreen({ peer }: { peer: string }) {
  const t = useWords(words)
  const toast = useToast()
  const { person, pop, push, home } = usePhone()
  const chat = useChats(person.id).data?.find((one) => one.peer === peer)
  const leave = useLeave(person)
  const [leaving, setLeaving] = useState(false)
  return (
    <>
      <NavBar title={t('chat.info')} onBack={pop} />
      <div className={styles.scroll}>
        {chat && (
          <div className={styles.infoFace}>
            <Avatar src={chat.face} size={56} />
            <span>{chat.name}</span>
          </div>
        )}
        {chat?.kind === 'group' && (
          <>
            <Members chatId={peer} />
            <Cells>
              <Cell label={t('group.members')} value={t('group.memberCount', { count: chat.memberCount ?? 0 })} />
              <Cell label="chat_id" value={<code className={styles.code}>{chat.peer}</code>} />
            </Cells>
            <CellAct bad label={t('group.leave')} onClick={() => setLeaving(true)} />
          </>
        )}
        {chat?.kind === 'single' && (
          <>
            <Cells>
              <Cell label={t('chat.viewProfile')} onClick={() => push({ name: 'profile', peer })} />
            </Cells>
            <DeleteContact peer={peer} name={chat.name} />
          </>
        )}
      </div>
      {leaving && chat && (
        <Confirm
          text={t('group.leave.confirm', { name: chat.name })}
          act={t('group.leave')}
          cancel={t('cancel')}
          onCancel={() => setLeaving(false)}
          onAct={() =>
            leave.mutate(
              { chatId: peer },
              {
                onSuccess: home,
                onError: (error) => {
                  setLeaving(false)
                  toast(error.message, true)
                },
              },
            )
          }
        />
      )}
    </>
  )
}

const SHOWN_MEMBERS = 20

function Members({ chatId }: { chatId: string }) {
  const { person, push } = usePhone()
  const group = useGroup(chatId)
  return (
    <ul className={styles.members}>
      {group.data?.members.slice(0, SHOWN_MEMBERS).map((member) => (
        <li key={member.id}>
          <button
            type="button"
            className={styles.member}
            disabled={member.id === person.id}
            onClick={() => push({ name: 'profile', peer: member.id })}
          >
            <Avatar src={member.face} size={48} />
            <span>{member.name}</span>
          </button>
        </li>
      ))}
    </ul>
  )
}
