import { useState } from 'react'
import { useWords } from '#shared/i18n/words.ts'
import type { Person } from '../api/types.ts'
import { words } from '../words.ts'
import { FaultsPanel } from './faults-panel.tsx'
import { PeoplePanel } from './people-panel.tsx'
import { ScenariosPanel } from './scenarios-panel.tsx'
import { SettingsPanel } from './settings-panel.tsx'
import styles from './stage.module.css'
import { StreamPanel } from './stream-panel.tsx'

type Tab = 'people' | 'stream' | 'faults' | 'scenarios' | 'settings'
type Props = { person: Person | undefined; become: (id: string) => void; withPeople: boolean }

/** What stands beside the phone: the platform seen from inside, and what may be done to it. */
export function Bench({ person, become, withPeople }: Props) {
  const t = useWords(words)
  const tabs: readonly Tab[] = withPeople
    ? ['people', 'stream', 'faults', 'scenarios', 'settings']
    : ['stream', 'faults', 'scenarios', 'settings']
  const [chosen, setChosen] = useState<Tab>(withPeople ? 'people' : 'stream')
  const tab = tabs.includes(chosen) ? chosen : 'stream'

  function onKeyDown(event: React.KeyboardEvent) {
    const step = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0
    const next = step === 0 ? undefined : tabs[(tabs.indexOf(tab) + step + tabs.length) % tabs.length]
    if (!next) return
    setChosen(next)
    document.getElementById(`bench-tab-${next}`)?.focus()
  }

  return (
    <section className={styles.bench} aria-label={t('app.bench')}>
      <div className={styles.benchTabs} role="tablist" aria-label={t('app.bench')} onKeyDown={onKeyDown}>
        {tabs.map((one) => (
          <button
            key={one}
            type="button"
            role="tab"
            id={`bench-tab-${one}`}
            aria-selected={tab === one}
            aria-controls="bench-panel"
            tabIndex={tab === one ? 0 : -1}
            className={styles.benchTab}
            onClick={() => setChosen(one)}
          >
            {t(`bench.${one}`)}
          </button>
        ))}
      </div>
      <div id="bench-panel" role="tabpanel" aria-labelledby={`bench-tab-${tab}`} className={styles.benchPanel}>
        {tab === 'people' && <PeoplePanel person={person} become={become} />}
        {tab === 'stream' && <StreamPanel become={become} />}
        {tab === 'faults' && <FaultsPanel />}
        {tab === 'scenarios' && <ScenariosPanel />}
        {tab === 'settings' && <SettingsPanel person={person} />}
      </div>
    </section>
  )
}
