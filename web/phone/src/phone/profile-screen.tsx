import { useWords } from '#shared/i18n/words.ts'
import { useAccept, useAdd } from '../api/chats.ts'
import { useContact, usePerson } from '../api/people.ts'
import type { Contact, Person } from '../api/types.ts'
import { Avatar } from '../parts/avatar.tsx'
import { Cell, CellAct, Cells } from '../parts/cells.tsx'
import { useToast } from '../parts/toast.tsx'
import { fullTime } from '../rules/chat-time.ts'
import { words } from '../words.ts'
import { usePhone } from './context.ts'
import { DeleteContact } from './delete-contact.tsx'
import { CorpMark } from './display.tsx'
import { NavBar } from './nav-bar.tsx'
import styles from './phone.module.css'
import { sourceOf } from './source.ts'

/** A contact's card: for a customer the member, for a member the customer with remark, source and tags. */
export function ProfileScreen({ peer }: { peer: string }) {
  const t = useWords(words)
  const { person, pop } = usePhone()
  const other = usePerson(peer)
  const contact = useContact(person.id, peer)
  return (
    <>
      <NavBar title={t(person.role === 'staff' ? 'profile.customer' : 'profile.title')} onBack={pop} />
      <div className={styles.scroll}>
        {other.isPending && <p className={styles.quietLine}>{t('loading')}</p>}
        {other.isError && <p className={styles.badLine}>{other.error.message}</p>}
        {other.data && <Card other={other.data} remark={contact.data?.remark} />}
        {contact.data && person.role === 'staff' && <CustomerFacts contact={contact.data} />}
        {other.data && <Acts other={other.data} contact={contact.data} />}
      </div>
    </>
  )
}

export function Card({ other, remark }: { other: Person; remark?: string | undefined }) {
  const t = useWords(words)
  const { person } = usePhone()
  return (
    <div className={styles.profile}>
      <Avatar src={other.face} size={64} />
      <div className={styles.meText}>
        <p className={styles.profileName}>
          {remark || other.name} <CorpMark corpName={other.corpName} viewer={person.role} />
        </p>
        {remark && remark !== other.name && (
          <p className={styles.meId}>{t('profile.nickname', { name: other.name })}</p>
        )}
        {other.position && <p className={styles.meId}>{other.position}</p>}
        {other.corpName && other.role === 'staff' && (
          <p className={styles.meId}>{t('profile.corp', { corp: other.corpName })}</p>
        )}
      </div>
    </div>
  )
}

function CustomerFacts({ contact }: { contact: Contact }) {
  const t = useWords(words)
  return (
    <Cells>
      <Cell label={t('profile.status')} value={t(`status.${contact.status}.short`)} />
      <Cell label={t('profile.remark')} value={contact.remark || t('none')} />
      {contact.description && <Cell label={t('profile.description')} value={contact.description} />}
      <Cell
        label={t('profile.tags')}
        value={
          contact.tags.length === 0 ? (
            t('none')
          ) : (
            <span className={styles.tagsRight}>
              {contact.tags.map((tag) => (
                <span key={tag} className={styles.tag}>
                  {tag}
                </span>
              ))}
            </span>
          )
        }
      />
      <Cell label={t('profile.source')} value={sourceOf(contact, t)} />
      <Cell label={t('profile.since')} value={fullTime(contact.sinceMs)} />
      {contact.person.externalUserId && (
        <Cell label="external_userid" value={<code className={styles.code}>{contact.person.externalUserId}</code>} />
      )}
    </Cells>
  )
}

function Acts({ other, contact }: { other: Person; contact: Contact | undefined }) {
  const t = useWords(words)
  const toast = useToast()
  const { person, openChat } = usePhone()
  const accept = useAccept(person)
  const add = useAdd(person)
  const onError = (error: Error) => toast(error.message, true)
  const ended = person.role === 'staff' ? 'deleted_by_member' : 'deleted_by_customer'
  const mine = contact !== undefined && contact.status !== ended && contact.status !== 'deleted_by_both'
  const waiting = contact?.status === 'half' || contact?.status === 'requested'
  return (
    <>
      {waiting && person.role === 'staff' && (
        <CellAct
          label={t('customers.accept')}
          disabled={accept.isPending}
          onClick={() => accept.mutate({ peer: other.id }, { onError })}
        />
      )}
      {mine && <CellAct label={t('profile.write')} onClick={() => openChat(other.id)} />}
      {mine && <DeleteContact peer={other.id} name={contact.remark || other.name} />}
      {!mine && person.role === 'customer' && other.userid !== undefined && (
        <CellAct
          label={t('add.button')}
          disabled={add.isPending}
          onClick={() =>
            add.mutate(
              { userid: other.userid ?? other.id },
              {
                onSuccess: (answer) =>
                  answer.outcome === 'refused'
                    ? toast(answer.reason?.messageZh ?? t('add.refused'), true)
                    : openChat(answer.peer),
                onError,
              },
            )
          }
        />
      )}
    </>
  )
}
