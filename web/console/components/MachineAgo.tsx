import { ago, exactTime } from '#shared/format/time.ts'
import { useMachineNow } from '../lib/useMachineNow.ts'

const minuteMs = 60_000

/** «3 分钟前» by the machine's clock: sessions and the audit log do not follow the sandbox's. */
export function MachineAgo({ at }: { at: string | number }) {
  const now = useMachineNow(minuteMs)
  return (
    <time dateTime={new Date(at).toISOString()} title={exactTime(at)} className="num">
      {ago(at, now)}
    </time>
  )
}
