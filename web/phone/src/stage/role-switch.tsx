import { useWords } from '#shared/i18n/words.ts'
import { usePeople } from '../api/people.ts'
import type { Person } from '../api/types.ts'
import { words } from '../words.ts'
import styles from './top-bar.module.css'
import { rememberedPerson } from './use-session.ts'

const ROLES: readonly Person['role'][] = ['customer', 'staff']

/** WeChat or WeCom: takes whoever was played last on that side, else the first one there. */
export function RoleSwitch({ person, become }: { person: Person; become: (id: string) => void }) {
  const t = useWords(words)
  const first = {
    customer: usePeople('customer', '').data?.pages[0]?.people[0]?.id,
    staff: usePeople('staff', '').data?.pages[0]?.people[0]?.id,
  }
  return (
    <fieldset className={styles.roles}>
      <legend className="visually-hidden">{t('roles.label')}</legend>
      {ROLES.map((role) => (
        <button
          key={role}
          type="button"
          aria-pressed={person.role === role}
          className={role === 'staff' ? styles.roleStaff : styles.role}
          onClick={() => {
            const id = rememberedPerson(role) ?? first[role]
            if (person.role !== role && id !== undefined) become(id)
          }}
        >
          {t(`roles.${role}`)}
        </button>
      ))}
    </fieldset>
  )
}
