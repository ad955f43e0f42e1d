import { exactTime } from '#shared/format/time.ts'
import { useWords } from '#shared/i18n/words.ts'
import { WhyTrace } from '../../components/WhyTrace.tsx'
import type { CustomerEvent } from './customers.ts'
import { words } from './welcome.words.ts'

type Welcome = NonNullable<CustomerEvent['welcome']>
const outcomes = ['sent', 'refused', 'late', 'unknown', 'no_code', 'none'] as const

/** Which welcome the add got, which lost and why, as it was decided at that moment. */
export function WelcomeWhy({ event, welcome }: { event: CustomerEvent; welcome: Welcome }) {
  const t = useWords(words)
  const optionOf = (one: Welcome['considered'][number]) => ({
    key: one.level,
    label: one.name ? `${t(`level.${one.level}`)}「${one.name}」` : t(`level.${one.level}`),
    reason: t(`reason.${one.outcome}`),
  })
  const triedText = ({ app, errcode }: Welcome['tried'][number]) =>
    t('tried.one', {
      app: app ?? t('tried.thisApp'),
      answer: errcode === 0 ? t('tried.sent') : errcode === null ? t('tried.noAnswer') : String(errcode),
    })
  const won = welcome.considered.find((one) => one.outcome === 'won')
  const outcome = outcomes.find((one) => one === welcome.outcome)
  return (
    <WhyTrace
      question={t('why.question', { staff: welcome.staff_name ?? event.staff_name ?? '', at: exactTime(event.at) })}
      won={
        won && {
          ...optionOf(won),
          label: t('trace.won', {
            level: t(`level.${won.level}`),
            name: won.name ?? '',
            version: won.version ?? 1,
            band: [welcome.band, welcome.band_stage && t(`bandStage.${welcome.band_stage}`)]
              .filter(Boolean)
              .join(' · '),
          }),
        }
      }
      lost={welcome.considered.filter((one) => one.outcome !== 'won').map(optionOf)}
      nothing={t('why.nothing')}
      decidedAt={welcome.decided_at}
      facts={[
        { label: t('why.result'), value: outcome === undefined ? welcome.outcome : t(`outcome.${outcome}`) },
        ...(welcome.stage === null ? [] : [{ label: t('why.customer'), value: t(`stage.${welcome.stage}`) }]),
        { label: t('why.staff'), value: welcome.staff_name ?? event.staff_name ?? t('why.none') },
        { label: t('why.store'), value: welcome.store_name ?? t('why.none') },
        { label: t('why.channel'), value: welcome.channel_name ?? t('why.none') },
        ...(welcome.tried.length === 0
          ? []
          : [{ label: t('why.tried'), value: welcome.tried.map(triedText).join(' → ') }]),
        ...(welcome.ms === null ? [] : [{ label: t('why.speed'), value: t('why.ms', { ms: Math.round(welcome.ms) }) }]),
      ]}
    />
  )
}
