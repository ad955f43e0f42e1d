import type { ReactNode } from 'react'
import styles from './FactList.module.css'

export interface Fact {
  label: string
  value: ReactNode
}

/** Labelled values side by side: the head of a detail. */
export function FactList({ facts }: { facts: readonly Fact[] }) {
  return (
    <dl className={styles.facts}>
      {facts.map((fact) => (
        <div key={fact.label}>
          <dt>{fact.label}</dt>
          <dd className="num">{fact.value}</dd>
        </div>
      ))}
    </dl>
  )
}
