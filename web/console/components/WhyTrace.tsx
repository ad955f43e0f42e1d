import { CheckCircleFilled, MinusCircleOutlined } from '@ant-design/icons'
import type { ReactNode } from 'react'
import { exactTime } from '#shared/format/time.ts'
import { useWords } from '#shared/i18n/words.ts'
import styles from './WhyTrace.module.css'
import { words } from './words.ts'

export interface WhyOption {
  key: string
  /** What it was: «渠道欢迎语「中秋活动」». */
  label: ReactNode
  /** Why it won or lost, as a sentence. */
  reason: ReactNode
}

export interface WhyTraceProps {
  /** What had to be decided: «李雷添加了陈晓雨，发哪一条欢迎语？». */
  question: ReactNode
  won: WhyOption | undefined
  lost: readonly WhyOption[]
  /** What was known at that moment. */
  facts: readonly { label: string; value: ReactNode }[]
  decidedAt?: string | number
  /** Said in place of the winner when nothing was chosen. */
  nothing?: ReactNode
}

/** A decision of the machine in plain words: what was asked, what won, what lost and why, and the facts. */
export function WhyTrace({ question, won, lost, facts, decidedAt, nothing }: WhyTraceProps) {
  const t = useWords(words)
  return (
    <section className={styles.trace} aria-label={t('why.title')}>
      <p className={styles.question}>
        <span className={styles.label}>{t('why.asked')}</span>
        {question}
      </p>
      {won ? (
        <div className={styles.won}>
          <CheckCircleFilled className={styles.wonIcon} aria-hidden="true" />
          <div>
            <div>
              <span className={styles.label}>{t('why.won')}</span>
              <strong>{won.label}</strong>
            </div>
            <div className={styles.reason}>{won.reason}</div>
          </div>
        </div>
      ) : (
        nothing !== undefined && <p className={styles.nothing}>{nothing}</p>
      )}
      {lost.length > 0 && (
        <ul className={styles.lost} aria-label={t('why.lost')}>
          {lost.map((option) => (
            <li key={option.key}>
              <MinusCircleOutlined className={styles.lostIcon} aria-hidden="true" />
              <div>
                {option.label}
                <div className={styles.reason}>{option.reason}</div>
              </div>
            </li>
          ))}
        </ul>
      )}
      {facts.length > 0 && (
        <dl className={styles.facts} aria-label={t('why.facts')}>
          {facts.map((fact) => (
            <div key={fact.label} className={styles.fact}>
              <dt>{fact.label}</dt>
              <dd className="num">{fact.value}</dd>
            </div>
          ))}
        </dl>
      )}
      {decidedAt !== undefined && <p className={styles.when}>{t('why.at', { time: exactTime(decidedAt) })}</p>}
    </section>
  )
}
