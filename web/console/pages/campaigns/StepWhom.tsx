import { DeleteOutlined, PlusOutlined } from '@ant-design/icons'
import { Button, Input, InputNumber, Segmented, Select } from 'antd'
import { Field, FieldGroup } from '../channels/Field.tsx'
import type { DraftSpec, Goal } from './campaign.ts'
import styles from './campaigns.module.css'
import { useKindWords } from './kind.ts'
import { newGoal } from './spec.rules.ts'
import { WhomField } from './WhomField.tsx'
import { words } from './wizard.words.ts'

export interface StepProps {
  name: string
  spec: DraftSpec
  change: (part: { name?: string; spec?: Partial<DraftSpec> }) => void
  /** What the field lacks, once somebody asked to go on. */
  /** What is wrong there or below, but where the path begins with `but`. */
  faultOf: (field: string, but?: string) => string | undefined
}

const windows = [24, 72, 168, 336, 720, 1440] as const
const mostExclusions = 12

/** What it is for and whom it is to reach. */
export function StepWhom({ name, spec, change, faultOf }: StepProps) {
  const t = useKindWords(words)
  return (
    <>
      <NameFields name={name} spec={spec} change={change} faultOf={faultOf} />
      <FieldGroup label={t('group.whom')} fault={faultOf('whom')}>
        <WhomField value={spec.whom} onChange={(whom) => change({ spec: { whom } })} />
      </FieldGroup>
      <Exclusions spec={spec} change={change} faultOf={faultOf} />
    </>
  )
}

/** What it is called and for what it is: of every kind the same. */
export function NameFields({ name, spec, change, faultOf }: StepProps) {
  const t = useKindWords(words)
  // in a group nobody is held out, and who was reached is known by his click alone
  const byPerson = spec.kind !== 'group_send'
  return (
    <>
      <div className={styles.pair}>
        <Field label={t('field.name')} hint={t('field.name.hint')} fault={faultOf('name')}>
          <Input value={name} maxLength={60} onChange={(event) => change({ name: event.target.value })} />
        </Field>
        <FieldGroup label={t('field.marketing')} hint={t('marketing.hint')}>
          <div>
            <Segmented<'yes' | 'no'>
              value={spec.marketing ? 'yes' : 'no'}
              options={(['yes', 'no'] as const).map((one) => ({ value: one, label: t(`marketing.${one}`) }))}
              onChange={(next) => change({ spec: { marketing: next === 'yes' } })}
            />
          </div>
        </FieldGroup>
      </div>
      <GoalFields
        goal={spec.goal ?? newGoal()}
        fault={faultOf('goal')}
        compared={byPerson}
        onChange={(goal) => change({ spec: { goal } })}
      />
      <FieldGroup label={t('group.attribution')} hint={t('attribution.hint')}>
        <div className={styles.pair}>
          {(byPerson ? (['click_hours', 'send_hours'] as const) : (['click_hours'] as const)).map((key) => (
            <Field key={key} label={t(`attribution.${key}`)}>
              <InputNumber
                className={styles.wide ?? ''}
                min={1}
                max={720}
                precision={0}
                value={spec.attribution[key]}
                onChange={(next) =>
                  next !== null && change({ spec: { attribution: { ...spec.attribution, [key]: next } } })
                }
              />
            </Field>
          ))}
        </div>
      </FieldGroup>
    </>
  )
}

function GoalFields({
  goal,
  fault,
  compared,
  onChange,
}: {
  goal: Goal
  compared: boolean
  fault: string | undefined
  onChange: (goal: Goal) => void
}) {
  const t = useKindWords(words)
  const { event: _, category: __, ...plain } = goal
  return (
    <FieldGroup label={t('group.goal')} fault={fault}>
      <div className={styles.pair}>
        <Field label={t('goal.metric')}>
          <Select<Goal['metric']>
            value={goal.metric}
            options={(['order', 'event', 'open'] as const).map((one) => ({ value: one, label: t(`metric.${one}`) }))}
            onChange={(metric) => onChange({ ...plain, metric })}
          />
        </Field>
        {goal.metric === 'order' && (
          <Field label={t('goal.category')}>
            <Input
              value={goal.category ?? ''}
              maxLength={100}
              onChange={({ target }) => onChange(target.value === '' ? plain : { ...plain, category: target.value })}
            />
          </Field>
        )}
        {goal.metric === 'event' && (
          <Field label={t('goal.event')}>
            <Input
              value={goal.event ?? ''}
              maxLength={100}
              onChange={({ target }) => onChange(target.value === '' ? plain : { ...plain, event: target.value })}
            />
          </Field>
        )}
        <Field label={t('goal.window')}>
          <Select<number>
            value={goal.window_hours}
            options={[
              ...windows.map((hours) => ({ value: hours, label: t(`window.${hours}`) })),
              ...(windows.some((hours) => hours === goal.window_hours)
                ? []
                : [{ value: goal.window_hours, label: `${goal.window_hours} h` }]),
            ]}
            onChange={(window_hours) => onChange({ ...goal, window_hours })}
          />
        </Field>
        {compared && (
          <Field label={t('goal.baseline')} hint={t('goal.baseline.hint')}>
            <InputNumber
              className={styles.wide ?? ''}
              min={0}
              max={100}
              step={0.1}
              value={goal.baseline === null ? null : Math.round(goal.baseline * 10_000) / 100}
              onChange={(next) => onChange({ ...goal, baseline: next === null ? null : next / 100 })}
            />
          </Field>
        )}
      </div>
    </FieldGroup>
  )
}

export function Exclusions({ spec, change, faultOf }: Pick<StepProps, 'spec' | 'change' | 'faultOf'>) {
  const t = useKindWords(words)
  const put = (exclusions: DraftSpec['exclusions']) => change({ spec: { exclusions } })
  const used = spec.exclusions.length
  return (
    <FieldGroup
      label={t('group.exclusions', { used, most: mostExclusions })}
      hint={t('exclusions.hint')}
      fault={faultOf('exclusions')}
    >
      <div className={styles.stack}>
        {spec.exclusions.map((one, at) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: an exclusion has no name but its place
          <div key={at} className={styles.box}>
            <div className={styles.boxHead}>
              <Input
                aria-label={t('exclusion.name', { n: at + 1 })}
                placeholder={t('exclusion.name.hint')}
                value={one.name}
                maxLength={60}
                onChange={({ target }) =>
                  put(spec.exclusions.map((other, i) => (i === at ? { ...other, name: target.value } : other)))
                }
              />
              <Button
                type="text"
                icon={<DeleteOutlined />}
                aria-label={t('exclusion.remove', { n: at + 1 })}
                onClick={() => put(spec.exclusions.filter((_, i) => i !== at))}
              />
            </div>
            <WhomField
              value={one.whom}
              onChange={(whom) => put(spec.exclusions.map((other, i) => (i === at ? { ...other, whom } : other)))}
            />
          </div>
        ))}
        <div>
          <Button
            icon={<PlusOutlined />}
            disabled={used >= mostExclusions}
            onClick={() => put([...spec.exclusions, { name: '', whom: null }])}
          >
            {t('exclusion.add')}
          </Button>
        </div>
      </div>
    </FieldGroup>
  )
}
