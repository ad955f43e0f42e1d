import { useMutation, useQuery } from '@tanstack/react-query'
import { Alert, App, Button, Drawer, Input, InputNumber, Select, Switch } from 'antd'
import { useId, useState } from 'react'
import { api, ask } from '#shared/api/client.ts'
import { useWords } from '#shared/i18n/words.ts'
import { explain } from '../../lib/explain.ts'
import { queryClient } from '../../lib/queryClient.ts'
import { CapRows } from './CapRows.tsx'
import { Field } from './Field.tsx'
import styles from './governor.module.css'
import { clockOf, minuteOf, type Policy, policiesKey, type Rules, startingRules } from './governor.ts'
import { PolicyHistory } from './PolicyHistory.tsx'
import { useTiers } from './useTiers.ts'
import { words } from './words.ts'

/** Makes a policy, or another version of one: both count at once. */
export function PolicyDrawer({ policy, onClose }: { policy: Policy | undefined; onClose: () => void }) {
  const t = useWords(words)
  const id = useId()
  const { message } = App.useApp()
  const [name, setName] = useState(policy?.name ?? '')
  const [place, setPlace] = useState(policy?.place ?? 10)
  const [note, setNote] = useState('')
  const [rules, setRules] = useState<Rules>(policy?.rules ?? startingRules)
  const change = (changed: Partial<Rules>) => setRules({ ...rules, ...changed })
  const latest = useQuery({
    queryKey: [...policiesKey, policy?.id, 'versions'],
    queryFn: () => ask(api.GET('/api/governor/policies/{id}/versions', { params: { path: { id: policy?.id ?? '' } } })),
    enabled: policy !== undefined,
  })
  const save = useMutation({
    mutationFn: () =>
      policy
        ? ask(
            api.POST('/api/governor/policies/{id}/versions', {
              params: { path: { id: policy.id } },
              body: { after: latest.data?.items[0]?.version ?? policy.version, place, rules, note },
            }),
          )
        : ask(api.POST('/api/governor/policies', { body: { name, place, rules, note } })),
    onSuccess: async () => {
      await queryClient.invalidateQueries({ queryKey: policiesKey })
      void message.success(t('saved'))
      onClose()
    },
  })
  const failure = save.error && explain(save.error)
  const limited = rules.marketing === 'limited'
  return (
    <Drawer
      open
      size={640}
      title={policy ? t('form.edit', { name: policy.name }) : t('form.new')}
      onClose={onClose}
      footer={
        <div className={styles.acts}>
          <Button type="primary" loading={save.isPending} disabled={name.trim() === ''} onClick={() => save.mutate()}>
            {t('save')}
          </Button>
          <Button onClick={onClose}>{t('cancel')}</Button>
        </div>
      }
    >
      <div className={styles.form}>
        {failure && <Alert type="error" title={failure.title} description={failure.hint} role="alert" />}
        {!policy && (
          <Field id={`${id}-name`} label={t('field.name')}>
            <Input id={`${id}-name`} maxLength={30} value={name} onChange={(event) => setName(event.target.value)} />
          </Field>
        )}
        <WhomFields id={id} whom={rules.whom} onChange={(whom) => change({ whom })} />
        {rules.whom !== null && (
          <Count
            id={`${id}-place`}
            label={t('field.place')}
            hint={t('field.place.hint')}
            value={place}
            least={1}
            most={99}
            onChange={setPlace}
          />
        )}
        <Field id={`${id}-marketing`} label={t('field.marketing')}>
          <Select<Rules['marketing']>
            id={`${id}-marketing`}
            className={styles.wide ?? ''}
            value={rules.marketing}
            options={(['limited', 'never'] as const).map((value) => ({ value, label: t(`marketing.${value}`) }))}
            onChange={(marketing) => change({ marketing })}
          />
        </Field>
        {limited && (
          <>
            <CapRows caps={rules.caps} onChange={(caps) => change({ caps })} />
            {rules.caps.some((cap) => cap.kept > 0) && (
              <Count
                id={`${id}-kept`}
                label={t('field.kept_from')}
                value={rules.kept_from}
                least={1}
                most={9}
                onChange={(kept_from) => change({ kept_from })}
              />
            )}
            <Count
              id={`${id}-gap`}
              label={t('field.gap')}
              value={rules.gap_minutes}
              least={0}
              most={20_160}
              onChange={(gap_minutes) => change({ gap_minutes })}
            />
            <QuietFields id={id} quiet={rules.quiet} onChange={(quiet) => change({ quiet })} />
            <Count
              id={`${id}-less`}
              label={t('field.less')}
              value={rules.less_per_week}
              least={0}
              most={20}
              onChange={(less_per_week) => change({ less_per_week })}
            />
            <FatigueFields id={id} fatigue={rules.fatigue} onChange={(fatigue) => change({ fatigue })} />
          </>
        )}
        <Field id={`${id}-note`} label={t('field.note')}>
          <Input id={`${id}-note`} maxLength={200} value={note} onChange={(event) => setNote(event.target.value)} />
        </Field>
        {policy && <PolicyHistory policy={policy} versions={latest.data?.items ?? []} onDone={onClose} />}
      </div>
    </Drawer>
  )
}

function WhomFields({
  id,
  whom,
  onChange,
}: {
  id: string
  whom: Rules['whom']
  onChange: (whom: Rules['whom']) => void
}) {
  const t = useWords(words)
  const tiers = useTiers()
  const [kind, setKind] = useState(whom?.is ?? 'everybody')
  const audiences = useQuery({ queryKey: ['audiences', 'list'], queryFn: () => ask(api.GET('/api/audiences')) }).data
  const choose = (next: typeof kind) => {
    setKind(next)
    const [tier] = tiers.keys()
    const audience = audiences?.items[0]
    if (next === 'tier' && tier !== undefined) onChange({ is: 'tier', any: [tier] })
    else if (next === 'audience' && audience) onChange({ is: 'audience', id: audience.id })
    else onChange(null)
  }
  return (
    <>
      <Field id={`${id}-whom`} label={t('field.whom')}>
        <Select<typeof kind>
          id={`${id}-whom`}
          className={styles.wide ?? ''}
          value={kind}
          options={(['everybody', 'tier', 'audience'] as const).map((value) => ({
            value,
            label: t(`whom.kind.${value}`),
          }))}
          onChange={choose}
        />
      </Field>
      {whom?.is === 'tier' && (
        <Field id={`${id}-tiers`} label={t('field.tiers')}>
          <Select<string[]>
            id={`${id}-tiers`}
            className={styles.wide ?? ''}
            mode="multiple"
            value={whom.any}
            options={[...tiers].map(([value, label]) => ({ value, label }))}
            onChange={(any) => onChange({ is: 'tier', any })}
          />
        </Field>
      )}
      {whom?.is === 'audience' && (
        <Field id={`${id}-audience`} label={t('field.audience')}>
          <Select<string>
            id={`${id}-audience`}
            className={styles.wide ?? ''}
            value={whom.id}
            options={(audiences?.items ?? []).map((one) => ({ value: one.id, label: one.name }))}
            onChange={(chosen) => onChange({ is: 'audience', id: chosen })}
          />
        </Field>
      )}
    </>
  )
}

function QuietFields({
  id,
  quiet,
  onChange,
}: {
  id: string
  quiet: Rules['quiet']
  onChange: (quiet: Rules['quiet']) => void
}) {
  const t = useWords(words)
  return (
    <Field id={`${id}-quiet`} label={t('field.quiet')} hint={t('field.quiet.hint')}>
      <div className={styles.acts}>
        <Switch
          id={`${id}-quiet`}
          checked={quiet !== null}
          onChange={(on) => onChange(on ? startingRules.quiet : null)}
        />
        {quiet &&
          (['from', 'until'] as const).map((side) => (
            <Input
              key={side}
              type="time"
              className={styles.clock ?? ''}
              aria-label={t(`field.quiet.${side}`)}
              value={clockOf(quiet[side])}
              onChange={(event) => onChange({ ...quiet, [side]: minuteOf(event.target.value) ?? quiet[side] })}
            />
          ))}
      </div>
    </Field>
  )
}

function FatigueFields({
  id,
  fatigue,
  onChange,
}: {
  id: string
  fatigue: Rules['fatigue']
  onChange: (fatigue: Rules['fatigue']) => void
}) {
  const t = useWords(words)
  return (
    <Field id={`${id}-fatigue`} label={t('field.fatigue')} hint={t('field.fatigue.hint')}>
      <div className={styles.acts}>
        <Switch
          id={`${id}-fatigue`}
          checked={fatigue !== null}
          onChange={(on) => onChange(on ? startingRules.fatigue : null)}
        />
        {fatigue &&
          (['high', 'most'] as const).map((side) => (
            <InputNumber
              key={side}
              className={styles.index ?? ''}
              aria-label={t(`field.fatigue.${side}`)}
              prefix={<span className={styles.quiet}>{t(`field.fatigue.${side}`)}</span>}
              min={0.01}
              max={1_000}
              step={0.5}
              precision={2}
              value={fatigue[side] / 100}
              onChange={(value) => value !== null && onChange({ ...fatigue, [side]: Math.round(value * 100) })}
            />
          ))}
      </div>
    </Field>
  )
}

interface CountProps {
  id: string
  label: string
  hint?: string
  value: number
  least: number
  most: number
  onChange: (value: number) => void
}

function Count({ id, label, hint, value, least, most, onChange }: CountProps) {
  return (
    <Field id={id} label={label} {...(hint === undefined ? {} : { hint })}>
      <InputNumber
        id={id}
        min={least}
        max={most}
        precision={0}
        value={value}
        onChange={(next) => next !== null && onChange(next)}
      />
    </Field>
  )
}
