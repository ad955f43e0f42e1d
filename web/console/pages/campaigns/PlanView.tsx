import { exactCount, share } from '#shared/format/number.ts'
import { exactTime } from '#shared/format/time.ts'
import { type Said, useSaid } from '#shared/i18n/said.ts'
import type { Say } from '#shared/i18n/words.ts'
import { FactList } from '../../components/FactList.tsx'
import type { Plan } from './campaign.ts'
import styles from './campaigns.module.css'
import { type FateWords, words as fateWords } from './fate.words.ts'
import { GaveWay } from './groups/GaveWay.tsx'
import { MembersOver } from './groups/MembersOver.tsx'
import { useKindWords } from './kind.ts'
import { MomentCost } from './moments/MomentCost.tsx'
import { ForecastView, LoadTables } from './PlanParts.tsx'
import { words } from './plan.words.ts'

interface Line {
  readonly key: string
  readonly what: string
  readonly why: string
  readonly persons: number
}

/** Who is sent to, who is not and why: every candidate stands in one line. */
function linesOf(t: Say<FateWords>, said: (words: Said) => string, plan: Plan): Line[] {
  const because = (what: string, from: readonly { reason: string; words: Said; persons: number }[]) =>
    from.map(({ reason, words, persons }) => ({ key: `${what} ${reason}`, what, why: said(words), persons }))
  const alone = (fate: 'holdout' | 'global_holdout' | 'elsewhere') =>
    ({ key: fate, what: t(`fate.${fate}`), why: '–', persons: plan.fates[fate] ?? 0 }) satisfies Line
  return [
    ...plan.exclusions.map((one, at) => ({
      ...{ key: `excluded ${at}`, what: t('fate.excluded'), why: said(one.words), persons: one.first },
    })),
    alone('global_holdout'),
    alone('holdout'),
    alone('elsewhere'),
    ...because(t('fate.dropped'), plan.dropped),
    ...because(t('fate.held'), plan.held),
    ...because(t('fate.no_sender'), plan.no_sender),
  ].filter((line) => line.persons > 0)
}

/** What a plan, or a rehearsal, says. */
export function PlanView({ plan }: { plan: Plan }) {
  const t = useKindWords(words)
  const tFate = useKindWords(fateWords)
  const said = useSaid()
  const of = (persons: number) => share(plan.candidates === 0 ? 0 : persons / plan.candidates)
  const sent = plan.fates['sent_to'] ?? 0
  return (
    <div className={styles.stack}>
      <GaveWay plan={plan} />
      <FactList
        facts={[
          { label: t('plan.candidates'), value: exactCount(plan.candidates) },
          { label: t('plan.sent'), value: `${exactCount(sent)} · ${of(sent)}` },
          { label: t('plan.senders'), value: exactCount(plan.senders) },
          { label: t('plan.tasks'), value: exactCount(plan.tasks) },
          { label: t('plan.largest'), value: t('plan.persons', { count: exactCount(plan.largest_task) }) },
          {
            label: t('plan.calls'),
            value: t('plan.calls.take', {
              ...{ count: exactCount(plan.calls.count), minutes: exactCount(plan.calls.minutes) },
              per: exactCount(plan.calls.per_minute),
            }),
          },
          {
            label: t('plan.quota'),
            value: t(plan.quota.spent > 0 ? 'plan.quota.spent' : 'plan.quota.free', {
              ...{ spent: exactCount(plan.quota.spent), most: plan.quota.most },
            }),
          },
          {
            label: t('plan.overloaded'),
            value: t(plan.overloaded.members > 0 ? 'plan.overloaded.some' : 'plan.overloaded.none', {
              ...{ members: exactCount(plan.overloaded.members), most: plan.overloaded.most },
            }),
          },
        ]}
      />
      <MembersOver plan={plan} />
      <MomentCost plan={plan} />
      {plan.canary !== null && (
        <p className={styles.quiet}>
          {t('plan.canary', { persons: exactCount(plan.canary.persons), tasks: exactCount(plan.canary.tasks) })}
        </p>
      )}
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard */}
      <div className={styles.scroll} tabIndex={0}>
        <table className={styles.table}>
          <caption>{t('plan.who')}</caption>
          <thead>
            <tr>
              <th scope="col">{t('column.what')}</th>
              <th scope="col">{t('column.why')}</th>
              <th scope="col" className={styles.figure}>
                {t('column.persons')}
              </th>
              <th scope="col" className={styles.figure}>
                {t('column.share')}
              </th>
            </tr>
          </thead>
          <tbody>
            <tr className={styles.strong}>
              <th scope="row">{t('plan.sent')}</th>
              <td>
                {plan.variants.length > 1
                  ? plan.variants.map((one) => `${one.name} ${exactCount(one.persons)}`).join(' · ')
                  : '–'}
              </td>
              <td className={styles.figure}>{exactCount(sent)}</td>
              <td className={styles.figure}>{of(sent)}</td>
            </tr>
            {linesOf(tFate, said, plan).map((line) => (
              <tr key={line.key}>
                <th scope="row">{line.what}</th>
                <td>{line.why}</td>
                <td className={styles.figure}>{exactCount(line.persons)}</td>
                <td className={styles.figure}>{of(line.persons)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <ForecastView forecast={plan.forecast} />
      <LoadTables plan={plan} />
      <p className={styles.quiet}>{t('plan.at', { time: exactTime(plan.at) })}</p>
    </div>
  )
}
