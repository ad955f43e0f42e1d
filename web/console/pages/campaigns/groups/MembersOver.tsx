import { exactCount } from '#shared/format/number.ts'
import { useWords } from '#shared/i18n/words.ts'
import type { Plan } from '../campaign.ts'
import styles from '../campaigns.module.css'
import { words } from './words.ts'

/** How many in the groups would not be sent this alone: of a group nobody can be left out. */
export function MembersOver({ plan: { members } }: { plan: Plan }) {
  const t = useWords(words)
  if (members === undefined || members.known === 0) return null
  const { known, over, refused } = members
  return (
    <p className={styles.quiet}>
      {t(over === 0 ? 'members.none' : 'members.over', {
        ...{ known: exactCount(known), over: exactCount(over), refused: exactCount(refused) },
      })}
    </p>
  )
}
