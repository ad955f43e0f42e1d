import { Alert } from 'antd'
import { exactCount } from '#shared/format/number.ts'
import { useWords } from '#shared/i18n/words.ts'
import type { Plan } from '../campaign.ts'
import styles from '../campaigns.module.css'
import { words } from './words.ts'

/** Which sends of higher priority took the day of groups, and what may be done. */
export function GaveWay({ plan }: { plan: Plan }) {
  const t = useWords(words)
  const list = plan.gave_way ?? []
  if (list.length === 0) return null
  const groups = list.reduce((sum, one) => sum + one.groups, 0)
  return (
    <Alert
      type="warning"
      showIcon
      title={t('gave.title', { groups: exactCount(groups) })}
      description={
        <ul className={styles.plainList}>
          {list.map((one) => (
            <li key={one.id}>
              {t('gave.line', { name: one.name, priority: one.priority, groups: exactCount(one.groups) })}
            </li>
          ))}
          <li>{t('gave.how')}</li>
        </ul>
      }
    />
  )
}
