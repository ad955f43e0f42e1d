import { useEffect, useState } from 'react'
import { useWords } from '#shared/i18n/words.ts'
import { SandboxError } from '../api/client.ts'
import { usePeople, usePerson } from '../api/people.ts'
import { Icon } from '../parts/icon.tsx'
import { Phone } from '../phone/phone.tsx'
import { words } from '../words.ts'
import { Bench } from './bench.tsx'
import { loadClock } from './clock.ts'
import { Device } from './device.tsx'
import { PeoplePanel } from './people-panel.tsx'
import { RoleSwitch } from './role-switch.tsx'
import styles from './stage.module.css'
import { openStream } from './stream-store.ts'
import { TopBar } from './top-bar.tsx'
import { useLayout } from './use-layout.ts'
import { useLive } from './use-live.ts'
import { rememberPerson, useSession } from './use-session.ts'

export function App() {
  const t = useWords(words)
  const layout = useLayout()
  const { session, become, playFirst } = useSession()
  const person = usePerson(session.person)
  const [benchOpen, setBenchOpen] = useState(false)
  useLive(person.data)
  useFirstPerson(session.person === undefined || isUnknown(person.error), playFirst)

  useEffect(() => {
    void loadClock()
    return openStream()
  }, [])
  useEffect(() => {
    if (person.data) rememberPerson(person.data)
  }, [person.data])

  const play = (id: string, chatWith?: string) => {
    become(id, chatWith)
    setBenchOpen(false)
  }
  const phone = (
    <Device full={layout === 'small'}>
      {person.data && person.data.id === session.person ? (
        <Phone key={session.visit} person={person.data} initial={session.stack} become={play} />
      ) : (
        <div className={styles.off}>
          <p>{person.isError && !isUnknown(person.error) ? t('app.unreachable') : t('loading')}</p>
          {person.isError && !isUnknown(person.error) && (
            <button type="button" className={styles.button} onClick={() => void person.refetch()}>
              {t('retry')}
            </button>
          )}
        </div>
      )}
    </Device>
  )

  if (layout === 'small') {
    return (
      <main className={styles.small}>
        {phone}
        <button
          type="button"
          className={styles.handle}
          aria-label={t('app.bench')}
          title={t('app.bench')}
          aria-expanded={benchOpen}
          onClick={() => setBenchOpen(true)}
        >
          <Icon name="bolt" size={18} />
        </button>
        {benchOpen && (
          <div className={styles.cover}>
            <TopBar
              onClose={() => setBenchOpen(false)}
              extra={person.data && <RoleSwitch person={person.data} become={play} />}
            />
            <Bench person={person.data} become={play} withPeople />
          </div>
        )}
      </main>
    )
  }
  return (
    <div className={styles.page}>
      <TopBar />
      <main className={layout === 'wide' ? styles.wide : styles.medium}>
        {layout === 'wide' && <PeoplePanel person={person.data} become={play} />}
        <div className={styles.centre}>
          {person.data && <RoleSwitch person={person.data} become={play} />}
          {phone}
        </div>
        <Bench person={person.data} become={play} withPeople={layout === 'medium'} />
      </main>
    </div>
  )
}

function isUnknown(error: unknown): boolean {
  return error instanceof SandboxError && error.status === 404
}

/** Nobody chosen yet, or someone whom this world does not know: the first customer is taken. */
function useFirstPerson(wanted: boolean, playFirst: (id: string) => void): void {
  const first = usePeople('customer', '').data?.pages[0]?.people[0]?.id
  useEffect(() => {
    if (wanted && first !== undefined) playFirst(first)
  }, [wanted, first, playFirst])
}
