import { useQuery } from '@tanstack/react-query'
import { api, ask } from '#shared/api/client.ts'
import { exactCount } from '#shared/format/number.ts'
import { useLanguage } from '#shared/i18n/useLanguage.ts'
import { useWords } from '#shared/i18n/words.ts'
import { MetricCard, MetricRow } from '../../../components/MetricCard.tsx'
import { Panel } from '../../../components/PageShape.tsx'
import { campaignKey } from '../campaign.ts'
import { words as reportWords } from '../report.words.ts'
import { differenceText, figureText } from '../reportTexts.ts'
import { WorkNote } from '../WorkNote.tsx'
import { isAtWork, workEveryMs } from '../work.ts'
import { words } from './words.ts'

/** All runs of a campaign that repeats together, each person once. */
export function TotalPanel({ campaignId, runs }: { campaignId: string; runs: number }) {
  const t = useWords(words)
  const tReport = useWords(reportWords)
  const language = useLanguage()
  const { data } = useQuery({
    queryKey: [...campaignKey(campaignId), 'report', 'total', runs],
    queryFn: () => ask(api.GET('/api/campaigns/{id}/report/total', { params: { path: { id: campaignId } } })),
    enabled: runs > 1,
    refetchInterval: ({ state }) => (isAtWork(state.data?.work) ? workEveryMs : 60_000),
  })
  if (data === undefined || (data.as_of === null && data.work === null)) return null
  const { as_of: asOf, lift, definition } = data
  const said = (text: { zh: string; en: string }) => (language === 'en' ? text.en : text.zh)
  return (
    <Panel title={t('total.title', { count: data.runs.length })}>
      <WorkNote work={data.work} asOf={asOf} ofTotal />
      {asOf !== null && (
        <MetricRow>
          {data.figures.map((one) => (
            <MetricCard
              key={one.key}
              name={said(one.definition.name)}
              value={figureText(tReport, one)}
              note={one.of === null || one.hits === null ? ' ' : `${exactCount(one.hits)} / ${exactCount(one.of)}`}
              definition={`${definition.id} ${said(definition.words)}`}
              asOf={asOf}
            />
          ))}
          <MetricCard
            name={tReport('lift.itt')}
            value={lift === null ? '–' : differenceText(tReport, 'share', lift.value)}
            note={
              lift === null
                ? tReport('lift.none')
                : `${tReport('lift.interval', {
                    ...{ low: differenceText(tReport, 'share', lift.low) },
                    ...{ high: differenceText(tReport, 'share', lift.high) },
                  })} · ${tReport(lift.significant ? 'lift.yes' : 'lift.no')}`
            }
            definition={`${definition.id} ${said(definition.words)}`}
            asOf={asOf}
          />
        </MetricRow>
      )}
    </Panel>
  )
}
