import { CheckCircleFilled, MinusCircleOutlined } from '@ant-design/icons'
import { Alert } from 'antd'
import { exactTime } from '#shared/format/time.ts'
import { useLanguage } from '#shared/i18n/useLanguage.ts'
import { useWords } from '#shared/i18n/words.ts'
import { words } from './audience.words.ts'
import styles from './audiences.module.css'
import type { Why, WhyPart } from './audiences.ts'
import { words as ruleWords } from './rule.words.ts'

/** Why somebody is in an audience: condition by condition, each with its facts. */
export function WhyTree({ why, computedAt }: { why: Why; computedAt: string | null }) {
  const t = useWords(words)
  return (
    <div className={styles.stack}>
      <p className={styles.sentence}>{t(why.holds ? 'why.in' : 'why.out')}</p>
      {why.holds !== why.member && computedAt !== null && (
        <Alert type="info" showIcon title={t('why.late', { time: exactTime(computedAt) })} />
      )}
      <ul className={styles.why}>
        <Part part={why.tree} denied={false} />
      </ul>
      {why.turns_on !== null && <p className={styles.quiet}>{t('why.turns', { day: why.turns_on })}</p>}
    </div>
  )
}

function Part({ part, denied }: { part: WhyPart; denied: boolean }) {
  const t = useWords(words)
  const ofRule = useWords(ruleWords)
  const language = useLanguage()
  const [only] = part.parts
  // "not" over one thing reads better as that thing, asked the other way round
  if (part.join === 'not' && part.parts.length === 1 && only?.join === 'leaf')
    return <Part part={only} denied={!denied} />
  const holds = denied ? !part.holds : part.holds
  const text = language === 'en' ? part.words.en : part.words.zh
  return (
    <li>
      <div className={styles.reason}>
        {holds ? (
          <CheckCircleFilled className={styles.yes ?? ''} aria-label={t('yes')} />
        ) : (
          <MinusCircleOutlined className={styles.no ?? ''} aria-label={t('no')} />
        )}
        <span>
          {part.join === 'leaf' ? (
            <>
              {denied && <strong>{ofRule('not')} </strong>}
              {text}
            </>
          ) : (
            t(part.join === 'not' ? 'why.none' : `why.${part.join}`)
          )}
        </span>
      </div>
      {part.parts.length > 0 && (
        <ul className={styles.why}>
          {part.parts.map((one, at) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: a part is its place
            <Part key={at} part={one} denied={false} />
          ))}
        </ul>
      )}
    </li>
  )
}
