import { useMemo, useState } from 'react'
import { useWords } from '#shared/i18n/words.ts'
import { useAccept } from '../api/chats.ts'
import { useContacts } from '../api/people.ts'
import type { Contact } from '../api/types.ts'
import { Avatar } from '../parts/avatar.tsx'
import { Empty } from '../parts/cells.tsx'
import { useToast } from '../parts/toast.tsx'
import { words } from '../words.ts'
import { usePhone } from './context.ts'
import { CorpMark } from './display.tsx'
import { MomentsRow } from './moments-screen.tsx'
import { NavBar } from './nav-bar.tsx'
import styles from './phone.module.css'
import { sourceOf } from './source.ts'

/** WeCom's list of customers: those who wait for the member first. */
export function CustomersTab() {
  const t = useWords(words)
  const { person } = usePhone()
  const contacts = useContacts(person.id)
  const [wanted, setWanted] = useState('')
  const all = useMemo(() => (contacts.data?.pages ?? []).flatMap((page) => page.contacts), [contacts.data])
  const shown = useMemo(() => {
    const needle = wanted.trim().toLowerCase()
    const present = all.filter(({ status }) => status !== 'deleted_by_member' && status !== 'deleted_by_both')
    if (needle === '') return present
    return present.filter((contact) =>
      [contact.person.name, contact.remark ?? '', ...contact.tags].some((text) => text.toLowerCase().includes(needle)),
    )
  }, [all, wanted])
  const waiting = shown.filter(isWaiting)
  const settled = shown.filter((contact) => !isWaiting(contact))
  return (
    <>
      <NavBar title={t('tabs.customers')} />
      <div className={styles.searchBar}>
        <input
          type="search"
          className={styles.searchInput}
          placeholder={t('customers.search')}
          aria-label={t('customers.search')}
          value={wanted}
          onChange={(event) => setWanted(event.target.value)}
        />
      </div>
      <div className={styles.scroll}>
        <MomentsRow />
        {contacts.isPending && <p className={styles.quietLine}>{t('loading')}</p>}
        {contacts.isError && <p className={styles.badLine}>{contacts.error.message}</p>}
        {contacts.isSuccess && shown.length === 0 && (
          <Empty title={t('customers.empty')} hint={t(wanted ? 'customers.empty.search' : 'customers.empty.hint')} />
        )}
        {waiting.length > 0 && <h2 className={styles.initial}>{t('customers.waiting', { count: waiting.length })}</h2>}
        <ul className={styles.rows}>
          {waiting.map((contact) => (
            <CustomerRow key={contact.person.id} contact={contact} />
          ))}
        </ul>
        {waiting.length > 0 && settled.length > 0 && <h2 className={styles.initial}>{t('customers.all')}</h2>}
        <ul className={styles.rows}>
          {settled.map((contact) => (
            <CustomerRow key={contact.person.id} contact={contact} />
          ))}
        </ul>
        {contacts.hasNextPage && (
          <button
            type="button"
            className={styles.moreButton}
            disabled={contacts.isFetchingNextPage}
            onClick={() => void contacts.fetchNextPage()}
          >
            {t('more')}
          </button>
        )}
      </div>
    </>
  )
}

function isWaiting({ status }: Contact): boolean {
  return status === 'half' || status === 'requested'
}

function CustomerRow({ contact }: { contact: Contact }) {
  const t = useWords(words)
  const toast = useToast()
  const { person, push } = usePhone()
  const accept = useAccept(person)
  const other = contact.person
  return (
    <li className={styles.customerRow}>
      <button type="button" className={styles.customerMain} onClick={() => push({ name: 'profile', peer: other.id })}>
        <Avatar src={other.face} size={44} />
        <span className={styles.rowMain}>
          <span className={styles.rowTop}>
            <span className={styles.rowName}>{contact.remark || other.name}</span>
            <CorpMark corpName={other.corpName} viewer="staff" />
            {contact.status === 'deleted_by_customer' && (
              <span className={styles.lost}>{t('status.deleted_by_customer.short')}</span>
            )}
          </span>
          <span className={styles.rowPreview}>{sourceOf(contact, t)}</span>
          {contact.tags.length > 0 && (
            <span className={styles.tags}>
              {contact.tags.map((tag) => (
                <span key={tag} className={styles.tag}>
                  {tag}
                </span>
              ))}
            </span>
          )}
        </span>
      </button>
      {isWaiting(contact) && (
        <button
          type="button"
          className={styles.smallButton}
          disabled={accept.isPending}
          onClick={() =>
            accept.mutate(
              { peer: other.id },
              { onSuccess: () => toast(t('customers.accepted')), onError: (error) => toast(error.message, true) },
            )
          }
        >
          {t('customers.accept')}
        </button>
      )}
    </li>
  )
}
