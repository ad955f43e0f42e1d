import { InputNumber, Select } from 'antd'
import { useWords } from '#shared/i18n/words.ts'
import styles from './audiences.module.css'
import { type Leaf, withPart } from './ruleTree.ts'
import { words } from './words.ts'

export interface LeafProps {
  leaf: Leaf
  onChange: (leaf: Leaf) => void
  /** The audience that is edited. */
  self?: string | undefined
}

export const textsOf = (value: unknown): string[] =>
  Array.isArray(value) ? value.filter((one) => typeof one === 'string') : []
export const textOf = (value: unknown) => (typeof value === 'string' ? value : undefined)
export const numberOf = (value: unknown) => (typeof value === 'number' ? value : null)

/** A small choice of a fixed set. */
export function Choice<Value extends string>({
  label,
  value,
  options,
  onChange,
}: {
  label: string
  value: unknown
  options: { value: Value; label: string }[]
  onChange: (value: Value) => void
}) {
  const found = options.find((one) => one.value === value)
  return (
    <Select<Value>
      aria-label={label}
      popupMatchSelectWidth={false}
      {...(found ? { value: found.value } : {})}
      options={options}
      onChange={onChange}
    />
  )
}

/** The least and the most; the API counts fen. */
export function Bounds({ leaf, onChange, unit }: LeafProps & { unit: number }) {
  const t = useWords(words)
  return (['from', 'to'] as const).map((key) => {
    const value = numberOf(leaf[key])
    return (
      <InputNumber
        key={key}
        className={styles.number ?? ''}
        aria-label={t(key)}
        prefix={<span className={styles.quiet}>{t(key)}</span>}
        precision={unit === 1 ? 0 : 2}
        value={value === null ? null : value / unit}
        onChange={(next) => onChange(withPart(leaf, key, next === null ? undefined : Math.round(next * unit)))}
      />
    )
  })
}
