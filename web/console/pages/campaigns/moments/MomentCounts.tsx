import { CountsPanel } from '../CountsPanel.tsx'
import type { DraftSpec } from '../campaign.ts'
import { isByTags } from './moment.rules.ts'

/** Beside the editor: how many see it. */
export function MomentCounts({ spec }: { spec: DraftSpec }) {
  return isByTags(spec) ? null : <CountsPanel spec={spec} />
}
