import { DeleteOutlined, PlusOutlined } from '@ant-design/icons'
import { Button, Input, Select } from 'antd'
import { useWords } from '#shared/i18n/words.ts'
import { useNow } from '../../lib/businessClock.ts'
import type { ChannelInput } from './channel.ts'
import styles from './channels.module.css'
import { MomentInput } from './MomentInput.tsx'
import { words } from './wizard.words.ts'

type Period = ChannelInput['periods'][number]
const dayMs = 86_400_000

/** Holidays and campaigns, each with who is on duty then. */
export function PeriodRows({
  periods,
  who,
  onChange,
}: {
  periods: readonly Period[]
  who: readonly { value: string; label: string }[]
  onChange: (periods: Period[]) => void
}) {
  const t = useWords(words)
  const now = useNow()
  const patch = (at: number, part: Partial<Period>) =>
    onChange(periods.map((period, i) => (i === at ? { ...period, ...part } : period)))
  const add = () => {
    // the reader's next midnight
    const from = new Date(now).setHours(24, 0, 0, 0)
    onChange([
      ...periods,
      { name: '', from: new Date(from).toISOString(), until: new Date(from + dayMs).toISOString(), members: [] },
    ])
  }
  return (
    <ul className={styles.bands}>
      {periods.map((period, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a period may have no name yet
        <li key={at} className={styles.band}>
          <Input
            className={styles.periodName}
            aria-label={t('periods.name')}
            placeholder={t('periods.name')}
            maxLength={30}
            value={period.name}
            {...(period.name.trim() === '' ? { status: 'warning' as const } : {})}
            onChange={(event) => patch(at, { name: event.target.value })}
          />
          <span className={styles.span}>
            <MomentInput
              label={t('rota.from')}
              value={period.from}
              onChange={(from) => from !== null && patch(at, { from })}
            />
            <span aria-hidden="true">–</span>
            <MomentInput
              label={t('rota.until')}
              value={period.until}
              onChange={(until) => until !== null && patch(at, { until })}
            />
          </span>
          <Select<string[]>
            className={styles.who}
            mode="multiple"
            aria-label={t('rota.who')}
            placeholder={t('periods.none')}
            value={period.members}
            options={[...who]}
            showSearch={{ optionFilterProp: 'label' }}
            onChange={(members) => patch(at, { members })}
          />
          <Button
            type="text"
            icon={<DeleteOutlined />}
            aria-label={t('periods.remove')}
            onClick={() => onChange(periods.filter((_, i) => i !== at))}
          />
        </li>
      ))}
      <li>
        <Button icon={<PlusOutlined />} onClick={add}>
          {t('periods.add')}
        </Button>
      </li>
    </ul>
  )
}
