import type { components } from '#shared/api/schema.gen.ts'
import { listed } from '#shared/format/list.ts'
import { exactCount } from '#shared/format/number.ts'
import { useWords } from '#shared/i18n/words.ts'
import styles from '../customers.module.css'
import { groupWords } from './words.ts'

type GroupsReport = NonNullable<components['schemas']['CustomerSync']['groups']>

/** What a sync read of customer groups, how far it is, and what no callback had told. */
export function GroupsRead({ report, running }: { report: GroupsReport; running: boolean }) {
  const t = useWords(groupWords)
  if (report.unavailable !== undefined)
    return <p className={styles.warning}>{t('sync.unavailable', { errcode: report.unavailable })}</p>
  const missed = [report.created, report.found, report.gone, report.changed, report.dismissed]
  const read = exactCount(report.read)
  return (
    <>
      <p className={styles.report}>
        {running
          ? t('sync.running', { read, listed: exactCount(report.listed) })
          : t('sync.done', { read, members: exactCount(report.members) })}
      </p>
      {missed.some((count) => count > 0) && (
        <p className={styles.report}>
          {t('sync.differences', {
            created: exactCount(report.created),
            found: exactCount(report.found),
            gone: exactCount(report.gone),
            changed: exactCount(report.changed),
            dismissed: exactCount(report.dismissed),
          })}
        </p>
      )}
      {report.refused > 0 && (
        <p className={styles.warning}>
          {t('sync.refused', {
            count: report.refused,
            names: listed(report.refused_named.slice(0, 3).map((one) => `${one.chat_id} ${one.errcode}`)),
          })}
        </p>
      )}
    </>
  )
}
