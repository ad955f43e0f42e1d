import { Tag } from 'antd'
import { type CampaignRow, stateColours } from './campaign.ts'
import { useKindWords } from './kind.ts'
import { words } from './words.ts'

/** How a campaign stands. */
export function StateTag({ state }: { state: CampaignRow['state'] }) {
  const t = useKindWords(words)
  return <Tag color={stateColours[state]}>{t(`state.${state}`)}</Tag>
}
