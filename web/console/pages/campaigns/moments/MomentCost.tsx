import { Alert } from 'antd'
import { exactCount } from '#shared/format/number.ts'
import { useWords } from '#shared/i18n/words.ts'
import { FactList } from '../../../components/FactList.tsx'
import type { Plan } from '../campaign.ts'
import styles from '../campaigns.module.css'
import { minutesText } from './minutesText.ts'
import { words } from './words.ts'

/** What a plan says of its Moments: how many, what marking who sees them costs, and what is left of the platform's month. */
export function MomentCost({ plan }: { plan: Plan }) {
  const t = useWords(words)
  const { moment } = plan
  if (moment === undefined) return null
  const { by, moments, marking, month } = moment
  return (
    <section className={styles.stack} aria-label={t('cost.title')}>
      <FactList
        facts={[
          { label: t('way'), value: t(`way.${by}`) },
          { label: t('cost.moments'), value: t('cost.moments.n', { count: exactCount(moments) }) },
          { label: t('cost.marks'), value: t('cost.persons', { count: exactCount(marking.marks) }) },
          ...(marking.marks === 0
            ? []
            : [
                { label: t('cost.pace'), value: t('cost.persons', { count: exactCount(marking.per_minute) }) },
                { label: t('cost.time'), value: <strong>{minutesText(t, marking.minutes)}</strong> },
              ]),
          {
            label: t('cost.month'),
            value: t('cost.month.of', { used: exactCount(month.used), most: exactCount(month.most) }),
          },
        ]}
      />
      <Alert
        type="info"
        showIcon
        title={by === 'tags' ? t('way.tags.cost') : `${t('cost.why')}${t('cost.after', { count: moments })}`}
      />
    </section>
  )
}
