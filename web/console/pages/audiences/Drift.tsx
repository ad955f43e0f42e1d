import { Tag } from 'antd'
import { share } from '#shared/format/number.ts'
import { useWords } from '#shared/i18n/words.ts'
import type { AudienceItem } from './audiences.ts'
import { words } from './words.ts'

/** How far the size moved between the last two computations. */
export function Drift({ item }: { item: Pick<AudienceItem, 'drift' | 'drift_most'> }) {
  const t = useWords(words)
  if (item.drift === null) return <>–</>
  if (item.drift <= item.drift_most) return <>{share(item.drift / 100)}</>
  return (
    <Tag color="warning" title={t('drift.over', { drift: item.drift, most: item.drift_most })}>
      {share(item.drift / 100)}
    </Tag>
  )
}
