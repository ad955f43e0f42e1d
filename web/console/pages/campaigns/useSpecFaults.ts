import { useQuery } from '@tanstack/react-query'
import { api, ask } from '#shared/api/client.ts'
import { useLanguage } from '#shared/i18n/useLanguage.ts'
import { useWords } from '#shared/i18n/words.ts'
import { useSettled } from '../channels/useSettled.ts'
import { openEnds, placeInEditor, type Step, savable, stepOf } from './spec.rules.ts'
import type { Draft } from './useCampaignDraft.ts'
import { words } from './wizard.words.ts'

export interface SaidFault {
  readonly step: Step
  /** A path in the spec, such as variants.0.content.text. */
  readonly field: string
  readonly said: string
  /** Approval is refused while it stands; false: a hint. */
  readonly stops: boolean
  /** Wrong whatever is typed next; what is only missing is said when somebody goes on. */
  readonly atOnce: boolean
}

const missing: ReadonlySet<string> = new Set([
  ...['no_goal', 'event_unnamed', 'no_baseline', 'no_whom', 'bad_rule', 'empty'],
])

/** What is wrong with a campaign while it is written: what the editor knows and what the server says. */
export function useSpecFaults({ name, spec }: Draft) {
  const t = useWords(words)
  const language = useLanguage()
  const typed = useSettled(JSON.stringify(savable(spec)))
  const { data, isPlaceholderData } = useQuery({
    queryKey: ['campaigns', 'check', typed],
    queryFn: () => ask(api.POST('/api/campaigns/check', { body: { spec: JSON.parse(typed) } })),
    placeholderData: (before) => before,
  })
  const faults: SaidFault[] = [
    ...openEnds(name, spec).map(({ step, field, what, variant }) => ({
      ...{ step, field, said: t(`fault.${what}`, { variant }), stops: true, atOnce: false },
    })),
    ...(data?.faults ?? []).map(({ field, stops, said, problem }) => ({
      ...{ step: stepOf(field), field: placeInEditor(field, spec), stops, said: language === 'en' ? said.en : said.zh },
      atOnce: !missing.has(problem),
    })),
  ]
  return {
    faults: faults.toSorted((a, b) => Number(b.stops) - Number(a.stops)),
    check: data,
    fresh: data !== undefined && !isPlaceholderData && typed === JSON.stringify(savable(spec)),
  }
}
