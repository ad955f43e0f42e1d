import type { CampaignSpec } from '../campaigns/campaign.schema.ts'
import { definitions } from './definitions.ts'
import { definitionOf } from './moment-definitions.ts'
import type { EstimateView, FigureView } from './report.schema.ts'
import { difference, isSignificant } from './statistics.ts'
import type { Total } from './total.schema.ts'

/** The numbers of all runs together, and what they changed against those whom every run held out. */
export function presentTotal(
  total: Total,
  kind: CampaignSpec['kind'],
): { figures: FigureView[]; lift: EstimateView | null } {
  const { treated, holdout } = total
  const persons = (
    key: 'to_send' | 'delivered' | 'opened' | 'converted',
    value: number,
    of: number | null,
  ): FigureView => ({
    ...{ key, unit: 'persons', value, hits: of === null ? null : value, of, definition: definitionOf(key, kind) },
  })
  const changed =
    holdout.persons === 0
      ? undefined
      : difference(
          { hits: treated.converted, persons: treated.persons },
          { hits: holdout.converted, persons: holdout.persons },
        )
  return {
    figures: [
      persons('to_send', total.persons, null),
      persons('delivered', total.delivered, total.persons),
      persons('opened', total.opened, total.delivered),
      persons('converted', total.converted, total.delivered),
      {
        ...{ key: 'credited_gmv', unit: 'fen', value: total.credited.net, hits: null, of: null },
        definition: definitions.credited_gmv,
      },
    ],
    lift: changed === undefined ? null : { ...changed, significant: isSignificant(changed) },
  }
}
