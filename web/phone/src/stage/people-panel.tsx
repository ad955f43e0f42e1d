import { useState } from 'react'
import { useWords } from '#shared/i18n/words.ts'
import { useNewPerson, usePeople } from '../api/people.ts'
import type { Person } from '../api/types.ts'
import { Avatar } from '../parts/avatar.tsx'
import { Icon } from '../parts/icon.tsx'
import { words } from '../words.ts'
import styles from './stage.module.css'

type Props = { person: Person | undefined; become: (id: string) => void }
const ROLES: readonly Person['role'][] = ['customer', 'staff']

/** Who is being played. */
export function PeoplePanel({ person, become }: Props) {
  const t = useWords(words)
  const [chosen, setChosen] = useState<Person['role'] | undefined>()
  const [wanted, setWanted] = useState('')
  const [adding, setAdding] = useState(false)
  const role = chosen ?? person?.role ?? 'customer'
  const found = usePeople(role, wanted.trim())
  const people = found.data?.pages.flatMap((page) => page.people) ?? []
  const totals = found.data?.pages[0]?.totals
  return (
    <section className={styles.panel} aria-label={t('people.title')}>
      <div className={styles.panelHead}>
        <h2>{t('people.title')}</h2>
        <button type="button" className={styles.button} aria-expanded={adding} onClick={() => setAdding(!adding)}>
          {t('people.new')}
        </button>
      </div>
      {adding && (
        <NewPersonForm
          role={role}
          onMade={(id) => {
            setAdding(false)
            setChosen(undefined)
            become(id)
          }}
        />
      )}
      <fieldset className={styles.chips}>
        <legend className="visually-hidden">{t('roles.label')}</legend>
        {ROLES.map((one) => (
          <button
            key={one}
            type="button"
            className={styles.chip}
            aria-pressed={role === one}
            onClick={() => setChosen(one)}
          >
            {t(`people.${one}`)} {totals && <small>{one === 'staff' ? totals.staff : totals.customers}</small>}
          </button>
        ))}
      </fieldset>
      <label className={styles.searchField}>
        <Icon name="search" size={16} />
        <input
          type="search"
          value={wanted}
          placeholder={t('people.search')}
          aria-label={t('people.search')}
          onChange={(event) => setWanted(event.target.value)}
        />
      </label>
      <ul className={styles.people}>
        {people.map((one) => (
          <li key={one.id}>
            <button
              type="button"
              className={styles.personRow}
              aria-current={one.id === person?.id}
              onClick={() => become(one.id)}
            >
              <Avatar src={one.face} size={36} />
              <span className={styles.personText}>
                <span className={styles.personName}>{one.name}</span>
                <span className={styles.personSub}>
                  {one.role === 'staff'
                    ? [one.position, one.departments?.[0]?.name].filter(Boolean).join(' · ') || one.id
                    : one.id}
                </span>
              </span>
            </button>
          </li>
        ))}
        {found.isPending && <li className={styles.hint}>{t('loading')}</li>}
        {found.isError && <li className={styles.hint}>{found.error.message}</li>}
        {found.isSuccess && people.length === 0 && <li className={styles.hint}>{t('people.none')}</li>}
        {found.hasNextPage && (
          <li>
            <button
              type="button"
              className={styles.more}
              disabled={found.isFetchingNextPage}
              onClick={() => void found.fetchNextPage()}
            >
              {t('more')}
            </button>
          </li>
        )}
      </ul>
    </section>
  )
}

function NewPersonForm({ role, onMade }: { role: Person['role']; onMade: (id: string) => void }) {
  const t = useWords(words)
  const make = useNewPerson()
  const [name, setName] = useState('')
  const [userid, setUserid] = useState('')
  const ready = name.trim() !== '' && (role === 'customer' || /^[A-Za-z0-9][A-Za-z0-9_\-.@]{0,63}$/.test(userid))
  return (
    <form
      className={styles.newPerson}
      onSubmit={(event) => {
        event.preventDefault()
        if (!ready) return
        const person = role === 'customer' ? { role, name: name.trim() } : { role, name: name.trim(), userid }
        make.mutate(person, { onSuccess: (made) => onMade(made.id) })
      }}
    >
      <input
        value={name}
        maxLength={64}
        placeholder={t('people.name')}
        aria-label={t('people.name')}
        onChange={(event) => setName(event.target.value)}
      />
      {role === 'staff' && (
        <input
          value={userid}
          maxLength={64}
          placeholder={t('people.userid')}
          aria-label={t('people.userid')}
          onChange={(event) => setUserid(event.target.value)}
        />
      )}
      <button type="submit" className={styles.primary} disabled={!ready || make.isPending}>
        {t(`people.make.${role}`)}
      </button>
      {make.isError && <p className={styles.bad}>{make.error.message}</p>}
    </form>
  )
}
