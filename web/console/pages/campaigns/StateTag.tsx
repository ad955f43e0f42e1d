import { Tag } from 'antd'
import { useWords } from '#shared/i18n/words.ts'
import { type CampaignRow, stateColours } from './campaign.ts'
import { words } from './words.ts'

/** How a campaign stands. */
export function StateTag({ state }: { state: CampaignRow['state'] }) {
  const t = useWords(words)
  return <Tag color={stateColours[state]}>{t(`state.${state}`)}</Tag>
}
