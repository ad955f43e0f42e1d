import { Tag } from 'antd'
import { listed } from '#shared/format/list.ts'
import { exactTime } from '#shared/format/time.ts'
import { useWords } from '#shared/i18n/words.ts'
import { wayWords } from './addWays.ts'
import { words } from './customer.words.ts'
import styles from './customers.module.css'
import type { CustomerRelation } from './customers.ts'

/** One member's relation with the customer: since when, from where, what the member wrote, which tags. */
export function RelationCard({
  relation,
  clear,
}: {
  relation: CustomerRelation
  /** What was behind the mask, once revealed. */
  clear: { remark: string; description: string; mobiles: string[] } | undefined
}) {
  const t = useWords(words)
  const way = useWords(wayWords)
  const { remark, description, mobiles } = clear ?? relation
  const facts = [
    { label: t('relation.channel'), value: relation.channel?.name ?? relation.state },
    { label: t('relation.way'), value: relation.add_way === null ? null : way(wayOf(relation.add_way)) },
    { label: t('relation.remark'), value: remark },
    { label: t('relation.mobiles'), value: listed(mobiles) },
    { label: t('relation.description'), value: description },
  ].filter((fact) => fact.value !== null && fact.value !== '')
  return (
    <article className={relation.status === 'ended' ? styles.pastCard : styles.card} aria-label={relation.staff_name}>
      <div className={styles.cardHead}>
        <strong>{relation.staff_name}</strong>
        <span className={styles.quiet}>{whenOf()}</span>
      </div>
      <dl className={styles.pairs}>
        {facts.map((fact) => (
          <div key={fact.label}>
            <dt>{fact.label}</dt>
            <dd>{fact.value}</dd>
          </div>
        ))}
      </dl>
      <div className={styles.row}>
        {relation.tags.map((tag) => (
          <Tag key={tag.id} title={tag.group}>
            {tag.name}
          </Tag>
        ))}
        {relation.personal_tags.map((tag) => (
          <Tag key={tag} variant="outlined" title={t('relation.personal')}>
            {tag}
          </Tag>
        ))}
        {relation.tags.length === 0 && relation.personal_tags.length === 0 && (
          <span className={styles.quiet}>{t('relation.noTags')}</span>
        )}
      </div>
    </article>
  )

  function whenOf(): string {
    if (relation.status === 'ended')
      return t(`relation.ended.${relation.ended_by ?? 'null'}`, {
        at: relation.ended_at === null ? '' : exactTime(relation.ended_at),
      })
    if (relation.status === 'half')
      return t('relation.half', { at: relation.half_at === null ? '' : exactTime(relation.half_at) })
    return t('relation.added', { at: relation.added_at === null ? '' : exactTime(relation.added_at) })
  }
}

const known = [1, 2, 3, 4, 5, 6, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 21, 22, 24, 201, 202] as const

function wayOf(way: number): `${(typeof known)[number]}` | '0' {
  const found = known.find((one) => one === way)
  return found === undefined ? '0' : `${found}`
}
