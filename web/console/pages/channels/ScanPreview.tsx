import { useWords } from '#shared/i18n/words.ts'
import { useSession } from '../../lib/session.ts'
import type { ChannelDesk, ChannelInput } from './channel.ts'
import styles from './ScanPreview.module.css'
import { words } from './wizard.words.ts'

/** The first thing the customer sees after scanning: a member's card of the platform, or our landing page. */
export function ScanPreview({
  input,
  desk,
}: {
  input: Pick<ChannelInput, 'kind' | 'closed_text'>
  desk: ChannelDesk | undefined
}) {
  const t = useWords(words)
  const { corp } = useSession()
  const brand = corp?.name ?? ''
  const name = desk?.users[0]?.name ?? t('preview.nobody')
  const closed = desk !== undefined && desk.users.length === 0
  return (
    <section className={styles.phone} aria-label={t('preview.label')}>
      <div className={styles.bar} aria-hidden="true">
        ‹
      </div>
      {input.kind === 'landing' ? (
        <div className={styles.page}>
          <p className={styles.brand}>{brand}</p>
          <div className={styles.card}>
            {closed ? (
              <>
                <p className={styles.name}>{t('preview.closed')}</p>
                <p className={styles.note}>{input.closed_text || t('preview.closedHow')}</p>
              </>
            ) : (
              <>
                <span className={styles.face} aria-hidden="true">
                  {name.slice(-1)}
                </span>
                <p className={styles.name}>{name}</p>
                <p className={styles.note}>{t('preview.advisor')}</p>
                <span className={styles.code} aria-hidden="true" />
                <p className={styles.how}>{t('preview.hold')}</p>
              </>
            )}
          </div>
        </div>
      ) : (
        <div className={styles.profile}>
          <div className={styles.head}>
            <span className={styles.face} aria-hidden="true">
              {name.slice(-1)}
            </span>
            <div>
              <p className={styles.name}>{name}</p>
              <p className={styles.corp}>@{brand}</p>
            </div>
          </div>
          <p className={styles.row}>{t('preview.profile')}</p>
          <p className={styles.add}>{t('preview.add')}</p>
        </div>
      )}
    </section>
  )
}
