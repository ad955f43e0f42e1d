import { Checkbox, Input, InputNumber, Segmented, Select } from 'antd'
import { useState } from 'react'
import { useNow } from '../../lib/businessClock.ts'
import { Field, FieldGroup } from '../channels/Field.tsx'
import { fromLocalInput, toLocalInput } from '../channels/moments.ts'
import { Clock } from './Clock.tsx'
import type { DraftSpec, Schedule } from './campaign.ts'
import styles from './campaigns.module.css'
import { CouponFields } from './channels/CouponFields.tsx'
import { HoldoutAdvice } from './HoldoutAdvice.tsx'
import { useKindWords } from './kind.ts'
import { SenderSet } from './SenderSet.tsx'
import type { StepProps } from './StepWhom.tsx'
import { scheduleOf } from './spec.rules.ts'
import { Times } from './Times.tsx'
import { useWhomCount } from './useWhomCount.ts'
import { words } from './wizard.words.ts'
import { words as listWords } from './words.ts'

export type Put = (part: Partial<DraftSpec>) => void

/** When, by whom, how often at most, and against whom it is compared. */
export function StepSending({ spec, change, faultOf }: StepProps) {
  const put: Put = (part) => change({ spec: part })
  const { left } = useWhomCount(spec)
  return (
    <>
      <When spec={spec} put={put} fault={faultOf('schedule') ?? faultOf('window')} />
      <Senders spec={spec} put={put} />
      <Governed spec={spec} put={put} />
      <Holdout spec={spec} put={put} persons={left?.count} />
      <CouponFields spec={spec} put={put} />
      <Canary spec={spec} put={put} />
    </>
  )
}

const dayKeys = ['day.0', 'day.1', 'day.2', 'day.3', 'day.4', 'day.5', 'day.6'] as const

export function When({ spec, put, fault }: { spec: DraftSpec; put: Put; fault: string | undefined }) {
  const t = useKindWords(words)
  const tList = useKindWords(listWords)
  const now = useNow(60_000)
  const { schedule, window } = spec
  return (
    <FieldGroup label={t('group.schedule')} fault={fault}>
      <div className={styles.stack}>
        <div>
          <Segmented<Schedule['kind']>
            aria-label={t('schedule.kind')}
            value={schedule.kind}
            options={(['now', 'at', 'recurring'] as const).map((one) => ({ value: one, label: t(`kind.${one}`) }))}
            onChange={(kind) => put({ schedule: scheduleOf(kind, now) })}
          />
        </div>
        {schedule.kind === 'at' && (
          <Field label={t('schedule.at')}>
            <Input
              className={styles.moment ?? ''}
              type="datetime-local"
              value={toLocalInput(schedule.at)}
              onChange={({ target }) => {
                const at = fromLocalInput(target.value)
                if (at !== null) put({ schedule: { kind: 'at', at } })
              }}
            />
          </Field>
        )}
        {schedule.kind === 'recurring' && (
          <>
            <Checkbox.Group
              aria-label={t('schedule.weekdays')}
              value={schedule.weekdays}
              options={dayKeys.map((key, day) => ({ value: day, label: tList(key) }))}
              onChange={(days) => put({ schedule: { ...schedule, weekdays: days.map(Number) } })}
            />
            <div className={styles.pair}>
              <Times minutes={schedule.minutes} onChange={(minutes) => put({ schedule: { ...schedule, minutes } })} />
              <Field label={t('schedule.until')}>
                <Input
                  type="date"
                  value={schedule.until}
                  onChange={({ target }) =>
                    target.value !== '' && put({ schedule: { ...schedule, until: target.value } })
                  }
                />
              </Field>
            </div>
            <p className={styles.quiet}>{t('schedule.missed')}</p>
          </>
        )}
        <Checkbox
          checked={window !== null}
          onChange={({ target }) => put({ window: target.checked ? { from: 540, until: 1_260 } : null })}
        >
          {t('window.on')}
        </Checkbox>
        {window !== null && (
          <div className={styles.pair}>
            <Clock
              label={t('window.from')}
              minute={window.from}
              onChange={(from) => put({ window: { ...window, from } })}
            />
            <Clock
              label={t('window.until')}
              minute={window.until}
              onChange={(until) => put({ window: { ...window, until } })}
            />
          </div>
        )}
        <div className={styles.pair}>
          <Whole
            label={t('field.expires')}
            value={spec.expires_hours}
            bounds={[1, 168]}
            onChange={(expires_hours) => put({ expires_hours })}
          />
          <Whole
            label={t('field.reminders')}
            hint={t('field.reminders.hint')}
            value={spec.reminders}
            bounds={[0, 3]}
            onChange={(reminders) => put({ reminders })}
          />
        </div>
      </div>
    </FieldGroup>
  )
}

export function Senders({ spec, put }: { spec: DraftSpec; put: Put }) {
  const t = useKindWords(words)
  return (
    <FieldGroup label={t('group.senders')}>
      <div className={styles.pair}>
        <SenderSet spec={spec} put={put} />
        <Field label={t('senders.most')}>
          <InputNumber
            className={styles.wide ?? ''}
            min={1}
            max={100000}
            precision={0}
            placeholder={t('senders.most.none')}
            value={spec.senders.most}
            onChange={(most) => put({ senders: { ...spec.senders, most } })}
          />
        </Field>
      </div>
    </FieldGroup>
  )
}

/** What becomes of whom it cannot reach yet: left out, or waited for, and how long. */
export function Capped({ spec: { governed }, put }: { spec: DraftSpec; put: Put }) {
  const t = useKindWords(words)
  return (
    <>
      <Field label={t('governed.capped')}>
        <Select<'hold' | 'drop'>
          value={governed.when_capped}
          options={(['drop', 'hold'] as const).map((one) => ({ value: one, label: t(`capped.${one}`) }))}
          onChange={(when_capped) =>
            put({ governed: { ...governed, when_capped, wait_hours: when_capped === 'hold' ? 72 : 0 } })
          }
        />
      </Field>
      {governed.when_capped === 'hold' && (
        <Whole
          label={t('governed.wait')}
          value={governed.wait_hours}
          bounds={[0, 720]}
          onChange={(wait_hours) => put({ governed: { ...governed, wait_hours } })}
        />
      )}
    </>
  )
}

function Governed({ spec, put }: { spec: DraftSpec; put: Put }) {
  const t = useKindWords(words)
  const { governed } = spec
  if (!spec.marketing)
    return (
      <FieldGroup label={t('group.governed')}>
        <p className={styles.quiet}>{t('governed.service')}</p>
      </FieldGroup>
    )
  return (
    <FieldGroup label={t('group.governed')}>
      <div className={styles.pair}>
        <Capped spec={spec} put={put} />
        <Whole
          label={t('governed.priority')}
          value={governed.priority}
          bounds={[1, 9]}
          onChange={(priority) => put({ governed: { ...governed, priority } })}
        />
      </div>
    </FieldGroup>
  )
}

/** A difference worth finding, beside a baseline: a tenth of it, a thousandth at least. */
const worthFinding = (baseline: number) => Math.max(0.001, Math.round(baseline * 100) / 1_000)

function Holdout({ spec, put, persons }: { spec: DraftSpec; put: Put; persons: number | undefined }) {
  const t = useKindWords(words)
  const baseline = spec.goal?.baseline ?? null
  const permille = spec.holdout_permille
  const [typed, setTyped] = useState<number | null>(null)
  const effect = typed ?? worthFinding(baseline ?? 0)
  return (
    <FieldGroup label={t('group.holdout')} hint={t('holdout.global')}>
      <div className={styles.stack}>
        <div className={styles.pair}>
          <Field label={t('holdout.share')}>
            <InputNumber
              className={styles.wide ?? ''}
              min={0}
              max={50}
              step={0.5}
              value={permille / 10}
              onChange={(next) => next !== null && put({ holdout_permille: Math.round(next * 10) })}
            />
          </Field>
          {baseline !== null && permille > 0 && (
            <Field label={t('holdout.effect')}>
              <InputNumber
                className={styles.wide ?? ''}
                min={0.01}
                max={50}
                step={0.1}
                value={Math.round(effect * 10_000) / 100}
                onChange={(next) => setTyped(next === null ? null : next / 100)}
              />
            </Field>
          )}
        </div>
        {permille === 0 && <p className={styles.warn}>{t('holdout.none')}</p>}
        {permille > 0 && baseline === null && <p className={styles.quiet}>{t('holdout.nobaseline')}</p>}
        {permille > 0 && baseline !== null && persons !== undefined && persons > 0 && (
          <HoldoutAdvice persons={persons} permille={permille} baseline={baseline} effect={effect} />
        )}
      </div>
    </FieldGroup>
  )
}

function Canary({ spec, put }: { spec: DraftSpec; put: Put }) {
  const t = useKindWords(words)
  const { canary } = spec
  const percent = (permille: number) => permille / 10
  return (
    <FieldGroup label={t('group.canary')}>
      <div className={styles.stack}>
        <Checkbox
          checked={canary !== null}
          onChange={({ target }) =>
            put({ canary: target.checked ? { permille: 20, hours: 4, most_deletes_permille: 10 } : null })
          }
        >
          {t('canary.on')}
        </Checkbox>
        {canary === null ? (
          <p className={styles.warn}>{t('canary.none')}</p>
        ) : (
          <div className={styles.pair}>
            <Field label={t('canary.share')}>
              <InputNumber
                className={styles.wide ?? ''}
                min={0.1}
                max={50}
                step={0.5}
                value={percent(canary.permille)}
                onChange={(next) => next !== null && put({ canary: { ...canary, permille: Math.round(next * 10) } })}
              />
            </Field>
            <Whole
              label={t('canary.hours')}
              value={canary.hours}
              bounds={[1, 72]}
              onChange={(hours) => put({ canary: { ...canary, hours } })}
            />
            <Field label={t('canary.most')}>
              <InputNumber
                className={styles.wide ?? ''}
                min={0.1}
                max={50}
                step={0.1}
                value={percent(canary.most_deletes_permille)}
                onChange={(next) =>
                  next !== null && put({ canary: { ...canary, most_deletes_permille: Math.round(next * 10) } })
                }
              />
            </Field>
          </div>
        )}
      </div>
    </FieldGroup>
  )
}

export function Whole({
  label,
  hint,
  value,
  bounds: [least, most],
  onChange,
}: {
  label: string
  hint?: string
  value: number
  bounds: readonly [number, number]
  onChange: (value: number) => void
}) {
  return (
    <Field label={label} {...(hint === undefined ? {} : { hint })}>
      <InputNumber
        className={styles.wide ?? ''}
        min={least}
        max={most}
        precision={0}
        value={value}
        onChange={(next) => next !== null && onChange(next)}
      />
    </Field>
  )
}
