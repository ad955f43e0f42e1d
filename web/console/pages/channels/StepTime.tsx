import { Input, InputNumber, Radio } from 'antd'
import { useWords } from '#shared/i18n/words.ts'
import type { StepProps } from './ChannelWizard.tsx'
import type { ChannelInput } from './channel.ts'
import styles from './channels.module.css'
import { Field, FieldGroup } from './Field.tsx'
import { MomentInput } from './MomentInput.tsx'
import { PeriodRows } from './PeriodRows.tsx'
import { ShiftRows } from './ShiftRows.tsx'
import { words } from './wizard.words.ts'

export function StepTime({ draft, change, faultOf }: StepProps) {
  const t = useWords(words)
  const { input, names } = draft
  const set = (part: Partial<ChannelInput>) => change((before) => ({ ...before, input: { ...before.input, ...part } }))
  const who = input.members.map((member) => {
    const key = `${member.kind}:${member.ref}`
    return { value: key, label: names[key] ?? member.ref }
  })
  const workdays = { weekdays: [0, 1, 2, 3, 4, 5, 6], from: '09:00', until: '21:00', members: [] }
  return (
    <>
      <FieldGroup label={t('field.rota')} fault={faultOf('shifts')}>
        <Radio.Group
          value={input.shifts.length === 0 ? 'always' : 'bands'}
          onChange={(event) => set({ shifts: event.target.value === 'always' ? [] : [workdays] })}
          options={[
            { value: 'always', label: t('rota.always') },
            { value: 'bands', label: t('rota.bands') },
          ]}
        />
        {input.shifts.length > 0 && (
          <ShiftRows shifts={input.shifts} who={who} onChange={(shifts) => set({ shifts })} />
        )}
      </FieldGroup>
      <FieldGroup label={t('periods.title')} fault={faultOf('periods')}>
        <PeriodRows periods={input.periods} who={who} onChange={(periods) => set({ periods })} />
      </FieldGroup>
      <FieldGroup label={t('field.fallback')} fault={faultOf('fallback')}>
        <Radio.Group
          value={input.fallback}
          disabled={input.kind === 'landing'}
          onChange={(event) => set({ fallback: event.target.value as ChannelInput['fallback'] })}
          options={(['members', 'closed'] as const).map((one) => ({ value: one, label: t(`fallback.${one}`) }))}
        />
      </FieldGroup>
      {input.kind === 'landing' && (
        <Field label={t('field.closedText')} hint={t('field.closedText.hint')}>
          <Input
            value={input.closed_text}
            maxLength={100}
            onChange={(event) => set({ closed_text: event.target.value })}
          />
        </Field>
      )}
      <div className={styles.pair}>
        <Field label={t('field.dailyLimit')} fault={faultOf('daily_limit')}>
          <InputNumber
            min={1}
            max={1_000_000}
            value={input.daily_limit}
            placeholder={t('member.limit.none')}
            onChange={(limit) => set({ daily_limit: limit })}
          />
        </Field>
        <Field label={t('field.expected')} hint={t('field.expected.hint')} fault={faultOf('expected_per_day')}>
          <InputNumber
            min={0}
            max={1_000_000}
            value={input.expected_per_day}
            onChange={(expected) => set({ expected_per_day: expected })}
          />
        </Field>
      </div>
      <FieldGroup label={t('field.valid')} fault={faultOf('valid_until')}>
        <span className={styles.span}>
          <MomentInput
            label={t('rota.from')}
            value={input.valid_from}
            onChange={(moment) => set({ valid_from: moment })}
          />
          <span aria-hidden="true">–</span>
          <MomentInput
            label={t('rota.until')}
            value={input.valid_until}
            onChange={(moment) => set({ valid_until: moment })}
          />
        </span>
      </FieldGroup>
    </>
  )
}
