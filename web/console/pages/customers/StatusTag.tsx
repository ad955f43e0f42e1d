import { Tag } from 'antd'
import { useWords } from '#shared/i18n/words.ts'
import type { CustomerRow } from './customers.ts'
import { words } from './words.ts'

const colours = { alive: 'success', half: 'warning', lost: 'error', ended: 'default', none: 'default' } as const

/** How the brand stands with the customer, explained on hover. */
export function StatusTag({ status }: { status: CustomerRow['status'] | 'none' }) {
  const t = useWords(words)
  return (
    <Tag color={colours[status]} title={t(`status.${status}.def`)}>
      {t(`status.${status}`)}
    </Tag>
  )
}
