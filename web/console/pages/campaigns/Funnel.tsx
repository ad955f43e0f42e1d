import { InfoCircleOutlined } from '@ant-design/icons'
import { Button, Popover } from 'antd'
import { exactCount, share } from '#shared/format/number.ts'
import { exactTime } from '#shared/format/time.ts'
import { useLanguage } from '#shared/i18n/useLanguage.ts'
import { useWords } from '#shared/i18n/words.ts'
import type { Report } from './campaign.ts'
import styles from './report.module.css'
import { words } from './report.words.ts'

/** From whom the audience named to who did it: each step with the part of the step before, its definition a click away. */
export function Funnel({ steps, asOf }: { steps: Report['funnel']; asOf: string }) {
  const t = useWords(words)
  const language = useLanguage()
  const widest = Math.max(1, ...steps.map((one) => one.value ?? 0))
  return (
    <ol className={styles.funnel}>
      {steps.map((one) => {
        const { name, words: said } = one.definition
        const [title, what] = language === 'en' ? [name.en, said.en] : [name.zh, said.zh]
        return (
          <li key={one.key} className={styles.step}>
            <span className={styles.name}>
              {title}
              <Popover
                trigger="click"
                title={title}
                content={
                  <div className={styles.definition}>
                    <p>{what}</p>
                    <p>{t('asOf', { time: exactTime(asOf) })}</p>
                  </div>
                }
              >
                <Button
                  type="text"
                  size="small"
                  icon={<InfoCircleOutlined />}
                  aria-label={t('definition', { name: title })}
                />
              </Popover>
            </span>
            <span className={styles.track} aria-hidden="true">
              <span className={styles.bar} style={{ width: `${((one.value ?? 0) / widest) * 100}%` }} />
            </span>
            <span className={styles.value}>
              <strong>{exactCount(one.value ?? 0)}</strong>
              {one.of !== null && one.of > 0 && (
                <span className={styles.part}>
                  {t(one.key === 'converted' ? 'funnel.ofDelivered' : 'funnel.of', {
                    share: share((one.value ?? 0) / one.of),
                  })}
                </span>
              )}
            </span>
          </li>
        )
      })}
    </ol>
  )
}
