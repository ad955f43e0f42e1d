import { Button, Popconfirm, Progress, Tag } from 'antd'
import type { ReactNode } from 'react'
import { exactCount } from '#shared/format/number.ts'
import { duration, toMs } from '#shared/format/time.ts'
import { useWords } from '#shared/i18n/words.ts'
import { useNow } from '../lib/businessClock.ts'
import styles from './JobProgress.module.css'
import { words } from './words.ts'

export interface JobView {
  id: string
  /** What it does, in the reader's language. */
  title: string
  state: 'waiting' | 'running' | 'done' | 'failed' | 'cancelled'
  done: number
  total: number | null
  error?: string | null | undefined
  /** Somebody asked it to stop; it does at its next step. */
  cancel_asked?: boolean
  started_at: string | null
  finished_at: string | null
}

export interface JobPace {
  share: number | undefined
  perSecond: number | undefined
  leftMs: number | undefined
}

/** Share, speed and time left from what is known; nothing is guessed before a second has passed. */
export function paceOf(job: Pick<JobView, 'done' | 'total' | 'started_at' | 'finished_at'>, nowMs: number): JobPace {
  const share = job.total === null || job.total === 0 ? undefined : Math.min(1, job.done / job.total)
  if (job.started_at === null) return { share, perSecond: undefined, leftMs: undefined }
  const until = job.finished_at === null ? nowMs : toMs(job.finished_at)
  const spent = until - toMs(job.started_at)
  if (spent < 1000 || job.done === 0) return { share, perSecond: undefined, leftMs: undefined }
  const perSecond = (job.done / spent) * 1000
  const leftMs =
    job.total === null || job.finished_at !== null ? undefined : ((job.total - job.done) / perSecond) * 1000
  return { share, perSecond, leftMs }
}

const colours = {
  waiting: 'default',
  running: 'processing',
  done: 'success',
  failed: 'error',
  cancelled: 'default',
} as const
const bars = {
  waiting: 'normal',
  running: 'active',
  done: 'success',
  failed: 'exception',
  cancelled: 'normal',
} as const

/** A long operation: share, speed, time left, cancel, and afterwards its result and error file. */
export function JobProgress({
  job,
  onCancel,
  errorFile,
  result,
}: {
  job: JobView
  onCancel?: () => void
  errorFile?: string
  result?: ReactNode
}) {
  const t = useWords(words)
  const live = job.state === 'running' || job.state === 'waiting'
  const pace = paceOf(job, useNow(live ? 1_000 : 60_000))
  const facts = [
    job.total === null
      ? t('job.count', { done: exactCount(job.done) })
      : t('job.progress', { done: exactCount(job.done), total: exactCount(job.total) }),
    pace.perSecond !== undefined && job.state === 'running'
      ? t('job.speed', { speed: exactCount(Math.max(1, pace.perSecond)) })
      : undefined,
    pace.leftMs !== undefined && job.state === 'running' ? t('job.left', { time: duration(pace.leftMs) }) : undefined,
  ].filter((fact) => fact !== undefined)
  return (
    <div className={styles.job}>
      <div className={styles.head}>
        <span className={styles.title}>{job.title}</span>
        <Tag color={colours[job.state]}>{t(live && job.cancel_asked ? 'job.cancelling' : `job.${job.state}`)}</Tag>
      </div>
      {(pace.share !== undefined || live) && (
        <Progress
          percent={Math.round((pace.share ?? 0) * 1000) / 10}
          status={bars[job.state]}
          size="small"
          aria-label={job.title}
        />
      )}
      <div className={styles.facts}>
        <span className="num">{facts.join(' · ')}</span>
        <span className={styles.acts}>
          {result}
          {errorFile !== undefined && (
            <a href={errorFile} download>
              {t('job.errors')}
            </a>
          )}
          {live && onCancel && (
            <Popconfirm
              title={t('job.cancel')}
              description={t('job.cancel.sure')}
              okText={t('job.cancel')}
              cancelText={t('verb.close')}
              onConfirm={onCancel}
            >
              <Button size="small">{t('job.cancel')}</Button>
            </Popconfirm>
          )}
        </span>
      </div>
      {job.error && <div className={styles.error}>{job.error}</div>}
    </div>
  )
}
