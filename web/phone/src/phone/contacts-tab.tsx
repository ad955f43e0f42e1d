import { useMemo } from 'react'
import { useWords } from '#shared/i18n/words.ts'
import { useContacts } from '../api/people.ts'
import { useOfficial } from '../api/weixin.ts'
import { Avatar } from '../parts/avatar.tsx'
import { Empty } from '../parts/cells.tsx'
import { groupByInitial } from '../rules/initials.ts'
import { words } from '../words.ts'
import { usePhone } from './context.ts'
import { CorpMark } from './display.tsx'
import { NavBar } from './nav-bar.tsx'
import styles from './phone.module.css'

/** A customer's contacts. Who deleted a contact does not see it; who was deleted still does. */
export function ContactsTab() {
  const t = useWords(words)
  const { person, push } = usePhone()
  const contacts = useContacts(person.id)
  const official = useOfficial()
  const groups = useMemo(() => {
    const seen = (contacts.data?.pages ?? [])
      .flatMap((page) => page.contacts)
      .filter(
        ({ status }) => status !== 'deleted_by_customer' && status !== 'deleted_by_both' && status !== 'requested',
      )
    return groupByInitial(seen, ({ person: other }) => other.name)
  }, [contacts.data])
  return (
    <>
      <NavBar title={t('tabs.contacts')} />
      <div className={styles.scroll}>
        {person.role === 'customer' && official && (
          <ul className={styles.rows}>
            <li>
              <button type="button" className={styles.contactRow} onClick={() => push({ name: 'official' })}>
                <Avatar src="/faces/app:service.svg" size={40} />
                <span className={styles.rowName}>{official.name}</span>
                <span className={styles.officialMark}>{t('official.kind')}</span>
              </button>
            </li>
          </ul>
        )}
        {contacts.isPending && <p className={styles.quietLine}>{t('loading')}</p>}
        {contacts.isError && <p className={styles.badLine}>{contacts.error.message}</p>}
        {contacts.isSuccess && groups.length === 0 && (
          <Empty title={t('contacts.empty')} hint={t('contacts.empty.hint')} />
        )}
        {groups.map((group) => (
          <section key={group.initial} aria-label={group.initial}>
            <h2 className={styles.initial}>{group.initial}</h2>
            <ul className={styles.rows}>
              {group.items.map(({ person: other }) => (
                <li key={other.id}>
                  <button
                    type="button"
                    className={styles.contactRow}
                    onClick={() => push({ name: 'profile', peer: other.id })}
                  >
                    <Avatar src={other.face} size={40} />
                    <span className={styles.rowName}>{other.name}</span>
                    <CorpMark corpName={other.corpName} viewer={person.role} />
                  </button>
                </li>
              ))}
            </ul>
          </section>
        ))}
      </div>
    </>
  )
}
