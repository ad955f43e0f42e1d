import { Select } from 'antd'
import { exactTime } from '#shared/format/time.ts'
import { useUrl } from '../../lib/useUrl.ts'
import type { CampaignDetail, RunRow } from './campaign.ts'
import { useKindWords } from './kind.ts'
import { words } from './run.words.ts'

/** The run that the address names, else the latest; `rehearsals` too where there is nothing else to look at. */
export function useRun(campaign: CampaignDetail, { rehearsals }: { rehearsals: boolean }) {
  const [url, changeUrl] = useUrl()
  const runs = campaign.runs.filter((run) => rehearsals || !run.rehearsal)
  const run = runs.find((one) => String(one.id) === url['run']) ?? runs.find((one) => !one.rehearsal) ?? runs[0]
  return { runs, run, choose: (id: number) => changeUrl({ run: String(id) }) }
}

/** Which time that it went out, where there were several. */
export function RunSelect({
  runs,
  run,
  choose,
}: {
  runs: readonly RunRow[]
  run: RunRow
  choose: (id: number) => void
}) {
  const t = useKindWords(words)
  if (runs.length < 2) return null
  return (
    <Select<number>
      aria-label={t('live.choose')}
      popupMatchSelectWidth={false}
      value={run.id}
      options={runs.map((one) => ({
        value: one.id,
        label: `#${one.id} · ${exactTime(one.planned_for).slice(0, 16)} · ${t(one.rehearsal ? 'rehearsal' : `run.${one.state}`)}`,
      }))}
      onChange={choose}
    />
  )
}
