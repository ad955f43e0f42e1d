import { DeleteOutlined } from '@ant-design/icons'
import { useQuery } from '@tanstack/react-query'
import { Alert, Button, Input, InputNumber, Select } from 'antd'
import { useState } from 'react'
import { api, ask } from '#shared/api/client.ts'
import { useWords } from '#shared/i18n/words.ts'
import styles from './lifecycle.module.css'
import {
  type Condition,
  type ConditionKind,
  conditionKinds,
  type Groups,
  groupsOf,
  newCondition,
  type Rule,
  ruleOf,
} from './stageRules.ts'
import { words } from './words.ts'

/** A rule as groups of conditions: any group, all of its conditions. What nests deeper is edited as text. */
export function RuleEditor({ rule, onChange }: { rule: Rule; onChange: (rule: Rule) => void }) {
  const t = useWords(words)
  const groups = groupsOf(rule)
  if (!groups) return <DeepRule rule={rule} onChange={onChange} />
  const change = (next: Groups) => onChange(ruleOf(next.filter((group) => group.length > 0)))
  return (
    <div className={styles.groups}>
      {groups.map((group, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a group is its place
        <div key={at} className={styles.group}>
          {at > 0 && (
            <div className={styles.or}>
              {t('group.any')}
              <Button type="link" size="small" onClick={() => change(groups.filter((_, index) => index !== at))}>
                {t('group.remove')}
              </Button>
            </div>
          )}
          {group.map((condition, place) => (
            <ConditionRow
              // biome-ignore lint/suspicious/noArrayIndexKey: a condition is its place
              key={place}
              condition={condition}
              joined={place > 0}
              removable={groups.length > 1 || group.length > 1}
              onChange={(changed) =>
                change(
                  groups.map((one, index) => (index === at ? one.map((old, n) => (n === place ? changed : old)) : one)),
                )
              }
              onRemove={() =>
                change(groups.map((one, index) => (index === at ? one.filter((_, n) => n !== place) : one)))
              }
            />
          ))}
          <Button
            type="link"
            size="small"
            onClick={() => change(groups.map((one, index) => (index === at ? [...one, newCondition('recency')] : one)))}
          >
            {t('condition.add')}
          </Button>
        </div>
      ))}
      <Button type="link" size="small" onClick={() => change([...groups, [newCondition('count')]])}>
        {t('group.add')}
      </Button>
    </div>
  )
}

function ConditionRow({
  condition,
  joined,
  removable,
  onChange,
  onRemove,
}: {
  condition: Condition
  joined: boolean
  removable: boolean
  onChange: (condition: Condition) => void
  onRemove: () => void
}) {
  const t = useWords(words)
  return (
    <div className={styles.condition}>
      {joined && <span className={styles.quiet}>{t('condition.and')}</span>}
      <Select<'is' | 'not'>
        aria-label={t('condition.polarity')}
        value={condition.not ? 'not' : 'is'}
        options={(['is', 'not'] as const).map((value) => ({ value, label: t(`condition.${value}`) }))}
        onChange={(value) => onChange({ ...condition, not: value === 'not' })}
      />
      {condition.kind === 'other' ? (
        <code className={styles.code}>{JSON.stringify(condition.rule)}</code>
      ) : (
        <Select<ConditionKind>
          aria-label={t('condition.kind')}
          className={styles.kind ?? ''}
          value={condition.kind}
          options={conditionKinds.map((kind) => ({ value: kind, label: t(`kind.${kind}`) }))}
          onChange={(kind) => onChange({ ...newCondition(kind), not: condition.not })}
        />
      )}
      <Bounds condition={condition} onChange={onChange} />
      <Button
        type="text"
        icon={<DeleteOutlined />}
        aria-label={t('condition.remove')}
        disabled={!removable}
        onClick={onRemove}
      />
    </div>
  )
}

function Bounds({ condition, onChange }: { condition: Condition; onChange: (condition: Condition) => void }) {
  const t = useWords(words)
  switch (condition.kind) {
    case 'count':
    case 'sum':
    case 'recency': {
      // the API counts fen
      const unit = condition.kind === 'sum' ? 100 : 1
      const bound = (key: 'from' | 'to') => (
        <InputNumber
          className={styles.small ?? ''}
          aria-label={t(`span.${key}`)}
          prefix={<span className={styles.quiet}>{t(`span.${key}`)}</span>}
          value={condition[key] === null ? null : condition[key] / unit}
          precision={condition.kind === 'sum' ? 2 : 0}
          onChange={(value) => onChange({ ...condition, [key]: value === null ? null : Math.round(value * unit) })}
        />
      )
      return (
        <>
          {condition.kind !== 'recency' && (
            <DaysInput
              label={t('window.days')}
              unit={t('window.unit')}
              value={condition.days}
              least={1}
              onChange={(days) => onChange({ ...condition, days })}
            />
          )}
          {bound('from')}
          {bound('to')}
        </>
      )
    }
    case 'contact':
      return (
        <>
          <Select<'alive' | 'ended' | 'ever'>
            aria-label={t('kind.contact')}
            value={condition.state}
            options={(['alive', 'ended', 'ever'] as const).map((value) => ({ value, label: t(`contact.${value}`) }))}
            onChange={(state) => onChange({ ...condition, state })}
          />
          <DaysInput
            label={t('contact.days')}
            unit={t('contact.unit')}
            value={condition.days}
            least={0}
            onChange={(days) => onChange({ ...condition, days })}
          />
        </>
      )
    case 'tags':
      return <TagSelect value={condition.tags} onChange={(tags) => onChange({ ...condition, tags })} />
    case 'tier':
      return <TierSelect value={condition.tiers} onChange={(tiers) => onChange({ ...condition, tiers })} />
    case 'other':
      return null
  }
}

function DaysInput({
  label,
  unit,
  value,
  least,
  onChange,
}: {
  label: string
  /** What a number in it means. */
  unit: string
  value: number | null
  least: number
  onChange: (value: number | null) => void
}) {
  return (
    <InputNumber
      className={styles.days ?? ''}
      aria-label={label}
      placeholder={label}
      title={label}
      min={least}
      max={3_660}
      precision={0}
      value={value}
      {...(value === null ? {} : { suffix: <span className={styles.quiet}>{unit}</span> })}
      onChange={onChange}
    />
  )
}

function TagSelect({ value, onChange }: { value: string[]; onChange: (value: string[]) => void }) {
  const t = useWords(words)
  const { data } = useQuery({
    queryKey: ['customers', 'filters'],
    queryFn: () => ask(api.GET('/api/customers/filters', { params: { query: {} } })),
  })
  return (
    <Select<string[]>
      mode="multiple"
      className={styles.many ?? ''}
      aria-label={t('tags.choose')}
      placeholder={t('tags.choose')}
      value={value}
      optionFilterProp="label"
      options={(data?.tags ?? []).map((tag) => ({ value: tag.id, label: `${tag.group} / ${tag.name}` }))}
      onChange={onChange}
    />
  )
}

function TierSelect({ value, onChange }: { value: string[]; onChange: (value: string[]) => void }) {
  const t = useWords(words)
  const { data } = useQuery({ queryKey: ['rfm'], queryFn: () => ask(api.GET('/api/rfm')) })
  return (
    <Select<string[]>
      mode="multiple"
      className={styles.many ?? ''}
      aria-label={t('tier.choose')}
      placeholder={t('tier.choose')}
      value={value}
      options={(data?.tiers ?? []).map((tier) => ({ value: tier.id, label: tier.name }))}
      onChange={onChange}
    />
  )
}

function DeepRule({ rule, onChange }: { rule: Rule; onChange: (rule: Rule) => void }) {
  const t = useWords(words)
  const [text, setText] = useState(() => JSON.stringify(rule, null, 2))
  const [broken, setBroken] = useState(false)
  return (
    <div className={styles.groups}>
      <p className={styles.quiet}>{t('deep.text')}</p>
      <Input.TextArea
        aria-label={t('deep.label')}
        autoSize={{ minRows: 4, maxRows: 16 }}
        value={text}
        status={broken ? 'error' : ''}
        onChange={(event) => {
          setText(event.target.value)
          const parsed = read(event.target.value)
          setBroken(parsed === undefined)
          if (parsed) onChange(parsed)
        }}
      />
      {broken && <Alert type="error" title={t('deep.broken')} role="alert" />}
    </div>
  )
}

function read(text: string): Rule | undefined {
  try {
    const parsed: unknown = JSON.parse(text)
    return typeof parsed === 'object' && parsed !== null ? { ...parsed } : undefined
  } catch {
    return undefined
  }
}
