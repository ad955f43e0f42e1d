import { exactCount, money } from '#shared/format/number.ts'
import { useLanguage } from '#shared/i18n/useLanguage.ts'
import { useWords } from '#shared/i18n/words.ts'
import { Panel } from '../../../components/PageShape.tsx'
import type { Report } from '../campaign.ts'
import styles from './channels.module.css'
import { Defined } from './Defined.tsx'
import { words } from './words.ts'

/** To what every order of the run's days is owed (M34), each once. */
export function SourcesPanel({ report }: { report: Report }) {
  const t = useWords(words)
  const language = useLanguage()
  if (report.order_sources.length === 0) return null
  return (
    <Panel title={t('sources.title')}>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard */}
      <div className={styles.scroll} tabIndex={0}>
        <table className={styles.table}>
          <thead>
            <tr>
              <th scope="col">{t('sources.head')}</th>
              <th scope="col">{t('sources.orders')}</th>
              <th scope="col">{t('sources.net')}</th>
            </tr>
          </thead>
          <tbody>
            {report.order_sources.map((row) => (
              <tr key={row.key}>
                <th scope="row">
                  <Defined
                    name={language === 'en' ? row.definition.name.en : row.definition.name.zh}
                    definition={row.definition}
                  />
                </th>
                <td>{row.orders === null ? t('sources.absent') : exactCount(row.orders)}</td>
                <td>{row.net === null ? '–' : money(row.net)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </Panel>
  )
}
