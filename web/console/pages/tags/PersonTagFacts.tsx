import { Link } from '@tanstack/react-router'
import { share } from '#shared/format/number.ts'
import { exactTime } from '#shared/format/time.ts'
import { useWords } from '#shared/i18n/words.ts'
import { sourceWords } from './source.words.ts'
import styles from './tags.module.css'
import type { PersonTag } from './tags.ts'
import { words } from './words.ts'

const reasons = ['expired', 'corrected', 'no_consent', 'never_inferred', 'weaker', 'exclusive', 'withdrawn'] as const
/** What of the evidence is ids for machines, or stands in a line of its own. */
const hidden = new Set([
  'by',
  'operation',
  'userid',
  'userids',
  'channelId',
  'kept',
  'audienceId',
  'audience',
  'version',
])

/** By whose word a tag stands: source, person or rule, evidence, confidence, expiry, and what lost against it. */
export function PersonTagFacts({ tag }: { tag: PersonTag }) {
  const t = useWords(words)
  const sourceText = useWords(sourceWords)
  const { audience, audienceId } = tag.evidence
  const evidence = Object.entries(tag.evidence).filter(([key]) => !hidden.has(key))
  return (
    <div className={styles.facts}>
      <span>
        {sourceText(tag.source)}
        {tag.said_by !== null && ` · ${t('person.by', { who: tag.said_by })}`} · {exactTime(tag.at)}
      </span>
      {tag.confidence !== null && <span>{t('person.confidence', { share: share(tag.confidence) })}</span>}
      {typeof audience === 'string' && typeof audienceId === 'string' && (
        <Link to="/customers/segments/$id" params={{ id: audienceId }}>
          {t('person.audience', { audience })}
        </Link>
      )}
      {evidence.length > 0 && (
        <span>
          {t('person.evidence')}：
          {evidence.map(([, value]) => [value].flat().map(String).join(t('list.separator'))).join(t('list.separator'))}
        </span>
      )}
      {tag.expires_at !== null && (
        <span>
          {t('person.expires')} {exactTime(tag.expires_at)}
        </span>
      )}
      {tag.lost.map((one) => (
        <span key={`${one.source} ${one.at} ${one.why}`} className={styles.quiet}>
          {sourceText(one.source)}
          {one.confidence !== null && ` ${share(one.confidence)}`} · {reasonOf(one.why)}
        </span>
      ))}
      {tag.refused !== null && <span>{t('person.refused', { why: tag.refused })}</span>}
      {tag.refused === null && tag.pending !== null && (
        <span className={styles.quiet}>{t(`person.pending.${tag.pending}`)}</span>
      )}
    </div>
  )

  function reasonOf(why: string): string {
    const known = reasons.find((one) => one === why)
    return known === undefined ? why : t(`lost.${known}`)
  }
}
