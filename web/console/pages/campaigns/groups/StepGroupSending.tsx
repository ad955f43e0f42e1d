import { InputNumber, Segmented } from 'antd'
import { useWords } from '#shared/i18n/words.ts'
import { Field, FieldGroup } from '../../channels/Field.tsx'
import type { GroupChoice } from '../campaign.ts'
import styles from '../campaigns.module.css'
import { GroupCouponFields } from '../channels/CouponFields.tsx'
import { SenderSet } from '../SenderSet.tsx'
import { Capped, type Put, When, Whole } from '../StepSending.tsx'
import type { StepProps } from '../StepWhom.tsx'
import { newGroups } from '../spec.rules.ts'
import { TapsTable } from './TapsTable.tsx'
import { words } from './words.ts'

/** When it goes out, how often a group hears something, and how many taps it costs its owner. */
export function StepGroupSending({ spec, change, faultOf }: StepProps) {
  const t = useWords(words)
  const put: Put = (part) => change({ spec: part })
  const groups = spec.groups ?? newGroups()
  const putGroups = (part: Partial<GroupChoice>) => put({ groups: { ...groups, ...part } })
  const { governed, schedule } = spec
  const over = groups.most_over_permille ?? null
  const times = schedule.kind === 'recurring' ? schedule.minutes.length : 1
  return (
    <>
      <When spec={spec} put={put} fault={faultOf('schedule') ?? faultOf('window')} />
      <FieldGroup label={t('tasks')} hint={t('tasks.hint')} fault={faultOf('groups.task_each')}>
        <div className={styles.choices}>
          <Segmented<'owner' | 'group'>
            aria-label={t('tasks')}
            value={groups.task_each ? 'group' : 'owner'}
            options={(['owner', 'group'] as const).map((one) => ({ value: one, label: t(`tasks.${one}`) }))}
            onChange={(next) => putGroups({ task_each: next === 'group' })}
          />
        </div>
        <TapsTable spec={spec} />
      </FieldGroup>
      <SenderSet spec={spec} put={put} />
      <FieldGroup label={t('day')} hint={t('day.hint')}>
        {times > groups.most_a_day && (
          <p className={styles.quiet} role="status">
            {t('times.hint', { of: times, most: groups.most_a_day })}
          </p>
        )}
        <div className={styles.pair}>
          <Whole
            label={t('day.most')}
            value={groups.most_a_day}
            bounds={[1, 10]}
            onChange={(most_a_day) => putGroups({ most_a_day })}
          />
          <Whole
            label={t('day.priority')}
            value={governed.priority}
            bounds={[1, 9]}
            onChange={(priority) => put({ governed: { ...governed, priority } })}
          />
          {spec.marketing && (
            <Field label={t('day.over')} hint={t('day.over.hint')}>
              <InputNumber
                className={styles.wide ?? ''}
                min={0}
                max={99}
                placeholder={t('day.over.none')}
                value={over === null ? null : over / 10}
                onChange={(next) => putGroups({ most_over_permille: next === null ? null : Math.round(next * 10) })}
              />
            </Field>
          )}
          <Capped spec={spec} put={put} />
        </div>
      </FieldGroup>
      <GroupCouponFields spec={spec} put={put} />
    </>
  )
}
