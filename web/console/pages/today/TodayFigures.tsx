import { exactCount, share } from '#shared/format/number.ts'
import { clockTime, duration } from '#shared/format/time.ts'
import { useWords } from '#shared/i18n/words.ts'
import { Count } from '../../components/Count.tsx'
import { MetricCard, MetricRow } from '../../components/MetricCard.tsx'
import type { Today } from './TodayPage.tsx'
import { changeOf, deliveryTone, wholeHours } from './todayRules.ts'
import { words } from './words.ts'

export function TodayFigures({ today }: { today: Today }) {
  const t = useWords(words)
  const { adds, first_adds, losses, net, welcome, as_of: asOf } = today
  const against = (now: number, before: number, good: 'up' | 'down') => {
    const { by, direction } = changeOf(now, before)
    return { period: t('yesterday'), by: exactCount(by), direction, good }
  }
  const hours = wholeHours(today.hours, Number(clockTime(asOf).slice(0, 2)))
  const ms = (value: number | null) => (value === null ? '–' : duration(value))
  return (
    <MetricRow>
      <MetricCard
        name={t('adds.name')}
        value={<Count value={adds.today} />}
        change={against(adds.today, adds.yesterday_same_time, 'up')}
        trend={hours.map((hour) => hour.adds)}
        definition={t('adds.what')}
        asOf={asOf}
      />
      <MetricCard
        name={t('first.name')}
        value={<Count value={first_adds.today} />}
        change={against(first_adds.today, first_adds.yesterday_same_time, 'up')}
        definition={t('first.what')}
        asOf={asOf}
      />
      <MetricCard
        name={t('losses.name')}
        value={<Count value={losses.today} />}
        change={against(losses.today, losses.yesterday_same_time, 'down')}
        trend={hours.map((hour) => hour.losses)}
        definition={t('losses.what', { staff: exactCount(today.staff_deleted.today) })}
        asOf={asOf}
      />
      <MetricCard
        name={t('net.name')}
        value={<Count value={net.today} />}
        change={against(net.today, net.yesterday_same_time, 'up')}
        definition={t('net.what')}
        asOf={asOf}
      />
      <MetricCard
        name={t('delivery.name')}
        value={welcome.delivery === null ? '–' : share(welcome.delivery)}
        tone={deliveryTone(welcome.delivery)}
        definition={
          welcome.delivery === null
            ? t('delivery.none')
            : t('delivery.what', { sent: exactCount(welcome.sent), codes: exactCount(welcome.with_code) })
        }
        asOf={asOf}
      />
      <MetricCard
        name={t('latency.name')}
        value={ms(welcome.p95_ms)}
        note={t('latency.note')}
        definition={t('latency.what', { p50: ms(welcome.p50_ms), p99: ms(welcome.p99_ms) })}
        asOf={asOf}
      />
      <MetricCard
        name={t('alive.name')}
        value={<Count value={today.customers_alive} />}
        definition={t('alive.what')}
        asOf={asOf}
      />
      <MetricCard
        name={t('tasks.name')}
        value={<Count value={today.open_tasks} />}
        tone={today.open_tasks > 0 ? 'warning' : 'plain'}
        definition={t('tasks.what')}
        asOf={asOf}
      />
    </MetricRow>
  )
}
