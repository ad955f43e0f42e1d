import { currentLanguage } from '#shared/i18n/i18n.ts'
import { useWords } from '#shared/i18n/words.ts'
import { useRunScenario, useScenarios } from '../api/control.ts'
import { words } from '../words.ts'
import styles from './stage.module.css'

/** Named days of the brand: many people act by a script while the visitor looks on. */
export function ScenariosPanel() {
  const t = useWords(words)
  const scenarios = useScenarios()
  const run = useRunScenario()
  return (
    <div className={styles.sections}>
      <section>
        <h2>{t('bench.scenarios')}</h2>
        <p className={styles.hint}>{t('scenarios.hint')}</p>
        {scenarios.isError && <p className={styles.bad}>{scenarios.error.message}</p>}
        <ul className={styles.cards}>
          {scenarios.data?.map((scenario) => {
            const share = Math.round(scenario.progress * 100)
            return (
              <li key={scenario.name} className={styles.scenario}>
                <div className={styles.cardText}>
                  <b>{currentLanguage() === 'zh-CN' ? scenario.titleZh : scenario.title}</b>
                  <span className={styles.personSub}>
                    <code>{scenario.name}</code> ·{' '}
                    {t('scenarios.minutes', { count: Math.round(scenario.durationMs / 60_000) })}
                  </span>
                  {(scenario.running || scenario.adds > 0) && (
                    <span className={styles.personSub}>
                      {t('scenarios.done', { adds: scenario.adds, actions: scenario.actions })}
                    </span>
                  )}
                </div>
                <button
                  type="button"
                  className={scenario.running ? styles.button : styles.primary}
                  disabled={run.isPending}
                  onClick={() => run.mutate({ name: scenario.name, act: scenario.running ? 'stop' : 'start' })}
                >
                  {t(scenario.running ? 'scenarios.stop' : 'scenarios.start')}
                </button>
                {scenario.running && (
                  <progress
                    className={styles.progress}
                    value={scenario.progress}
                    aria-label={t('scenarios.progress', { share })}
                  >
                    {share} %
                  </progress>
                )}
              </li>
            )
          })}
        </ul>
        {run.isError && <p className={styles.bad}>{run.error.message}</p>}
      </section>
    </div>
  )
}
