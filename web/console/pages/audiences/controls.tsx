import { InputNumber, Select } from 'antd'
import { useWords } from '#shared/i18n/words.ts'
import styles from './audiences.module.css'
import { words } from './rule.words.ts'
import { type Leaf, withPart } from './ruleTree.ts'

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

/** Whole fen; of other numbers the two decimals that fields keep. */
const asKept = (value: number, decimals: number, unit: number) =>
  unit === 1 ? Math.round(value * 10 ** decimals) / 10 ** decimals : Math.round(value)

/** The least and the most; the API counts fen. */
export function Bounds({
  leaf,
  onChange,
  unit,
  decimals = unit === 1 ? 0 : 2,
}: LeafProps & { unit: number; decimals?: number }) {
  const t = useWords(words)
  return (['from', 'to'] as const).map((key) => {
    const value = numberOf(leaf[key])
    return (
      <InputNumber
        key={key}
        className={styles.number ?? ''}
        aria-label={t(key)}
        prefix={<span className={styles.quiet}>{t(key)}</span>}
        {...(unit === 1 && decimals > 0 ? {} : { precision: decimals })}
        value={value === null ? null : value / unit}
        onChange={(next) =>
          onChange(withPart(leaf, key, next === null ? undefined : asKept(next * unit, decimals, unit)))
        }
      />
    )
  })
}
