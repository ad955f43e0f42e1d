import { ago, exactTime } from '#shared/format/time.ts'
import { useNow } from '../lib/businessClock.ts'

/** «3 分钟前», exact on hover. */
export function Ago({ at }: { at: string | number }) {
  const now = useNow()
  return (
    <time dateTime={new Date(at).toISOString()} title={exactTime(at)} className="num">
      {ago(at, now)}
    </time>
  )
}
