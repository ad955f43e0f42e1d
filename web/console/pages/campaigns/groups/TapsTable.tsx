import { exactCount } from '#shared/format/number.ts'
import { useWords } from '#shared/i18n/words.ts'
import type { DraftSpec } from '../campaign.ts'
import styles from '../campaigns.module.css'
import { useGroupsPreview } from './useGroupsPreview.ts'
import { words } from './words.ts'

/** What either way of asking costs each owner, those with most groups first. */
export function TapsTable({ spec }: { spec: DraftSpec }) {
  const t = useWords(words)
  const { data } = useGroupsPreview(spec)
  if (!data || data.by_owner.length === 0) return null
  const each = spec.groups?.task_each ?? false
  const mark = (chosen: boolean) => (chosen ? ` ${styles.strong}` : '')
  return (
    <div className={styles.stack}>
      <p role="status">
        {t('taps.sum', {
          ...{ owners: exactCount(data.owners.all), groups: exactCount(data.sent_to) },
          ...{ one: exactCount(data.taps.per_owner), each: exactCount(data.taps.per_group) },
        })}
      </p>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard */}
      <div className={styles.longScroll} tabIndex={0}>
        <table className={styles.table}>
          <caption>{t('taps.title')}</caption>
          <thead>
            <tr>
              <th scope="col">{t('taps.owner')}</th>
              <th scope="col" className={styles.figure}>
                {t('taps.groups')}
              </th>
              <th scope="col" className={`${styles.figure}${mark(!each)}`}>
                {t('taps.one')}
              </th>
              <th scope="col" className={`${styles.figure}${mark(each)}`}>
                {t('taps.each')}
              </th>
              <th scope="col" className={styles.figure}>
                {t('taps.open')}
              </th>
            </tr>
          </thead>
          <tbody>
            {data.by_owner.map((one) => (
              <tr key={one.userid}>
                <th scope="row">{one.name ?? one.userid}</th>
                <td className={styles.figure}>{exactCount(one.groups)}</td>
                <td className={`${styles.figure}${mark(!each)}`}>{exactCount(one.taps.per_owner)}</td>
                <td className={`${styles.figure}${mark(each)}`}>{exactCount(one.taps.per_group)}</td>
                <td className={styles.figure}>{exactCount(one.open)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {data.owners.all > data.owners.shown && (
        <p className={styles.quiet}>
          {t('taps.more', { shown: exactCount(data.owners.shown), all: exactCount(data.owners.all) })}
        </p>
      )}
    </div>
  )
}
