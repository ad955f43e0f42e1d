import { listed } from '#shared/format/list.ts'
import { exactTime } from '#shared/format/time.ts'
import { useWords } from '#shared/i18n/words.ts'
import { ErrorState } from '../../components/ErrorState.tsx'
import { Panel } from '../../components/PageShape.tsx'
import type { ChannelDesk } from './channel.ts'
import styles from './channels.module.css'
import { words } from './wizard.words.ts'

const shownMost = 12

/** Who would answer a scan now, until when, and who would not and why. */
export function NowBox({
  desk,
  overshoot,
  error,
}: {
  desk: ChannelDesk | undefined
  overshoot: number
  error?: Error | null
}) {
  const t = useWords(words)
  return (
    <Panel title={t('now.title')}>
      {error && <ErrorState error={error} inline />}
      {desk === undefined ? (
        <p className={styles.quiet}>{t('now.empty')}</p>
      ) : (
        <>
          <p className={styles.lead} data-tier={desk.tier}>
            {desk.tier === 'none' ? (desk.closed ?? t('now.none')) : t(`now.${desk.tier}`)}
          </p>
          {desk.users.length > 0 && (
            <p className={styles.people}>
              {listed(desk.users.slice(0, shownMost).map((user) => user.name))}
              {desk.users.length > shownMost && ` … ${desk.users.length}`}
            </p>
          )}
          {desk.next_look !== null && (
            <p className={styles.quiet}>{t('now.next', { time: exactTime(desk.next_look) })}</p>
          )}
          {overshoot > 0 && <p className={styles.quiet}>{t('now.overshoot', { count: overshoot })}</p>}
          {desk.refused.length > 0 && (
            <details className={styles.refused} open={desk.users.length === 0}>
              <summary>{t('now.refused', { count: desk.refused.length })}</summary>
              <ul>
                {desk.refused.slice(0, 50).map((one) => (
                  <li key={one.userid}>
                    <b>{one.name}</b> {one.said}
                    <span className={styles.hint}>{one.mend}</span>
                  </li>
                ))}
              </ul>
            </details>
          )}
        </>
      )}
    </Panel>
  )
}
