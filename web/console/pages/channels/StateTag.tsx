import { Tag, Tooltip } from 'antd'
import { useWords } from '#shared/i18n/words.ts'
import { type ChannelRow, rowState } from './channel.ts'
import { words } from './words.ts'

/** One word for how it stands; a problem says itself and its mending on hover. */
export function StateTag({ row }: { row: Pick<ChannelRow, 'status' | 'ready' | 'problem' | 'pending_since'> }) {
  const t = useWords(words)
  const { key, colour } = rowState(row)
  const tag = <Tag color={colour}>{t(`status.${key}`)}</Tag>
  return row.problem === null ? tag : <Tooltip title={`${row.problem.said}。${row.problem.mend}`}>{tag}</Tooltip>
}
