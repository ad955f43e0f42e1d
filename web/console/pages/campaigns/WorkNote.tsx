import { Alert } from 'antd'
import { exactTime } from '#shared/format/time.ts'
import { useWords } from '#shared/i18n/words.ts'
import type { Report } from './campaign.ts'
import { words } from './report.words.ts'

/** 正在计算: newer figures are on their way; those below stay, with their time. */
export function WorkNote({ work, asOf, ofTotal }: { work: Report['work']; asOf: string | null; ofTotal?: boolean }) {
  const t = useWords(words)
  if (work === null) return null
  if (work.state === 'failed') {
    const said = asOf === null || ofTotal ? t('work.failed.total') : t('work.failed', { time: exactTime(asOf) })
    return <Alert type="warning" showIcon title={said} />
  }
  const { done, total } = work
  const said = () => {
    if (asOf === null) return t('work.first')
    const time = exactTime(asOf)
    if (work.state === 'waiting' || total === null) return t('work.waiting', { time })
    return t('work.running', { time, step: Math.min(done + 1, total), total })
  }
  return <Alert type="info" showIcon role="status" title={said()} />
}
