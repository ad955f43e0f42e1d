import { Tag } from 'antd'
import type { RunState } from './campaign.ts'
import { useKindWords } from './kind.ts'
import { words } from './run.words.ts'

const colours = {
  ...{ planning: 'processing', planned: 'processing', canary: 'processing', running: 'processing' },
  ...{ paused: 'warning', stopped: 'error', cancelled: 'default', ended: 'success', failed: 'error' },
} as const

/** How a run stands. */
export function RunTag({ state }: { state: RunState }) {
  const t = useKindWords(words)
  return <Tag color={colours[state]}>{t(`run.${state}`)}</Tag>
}
