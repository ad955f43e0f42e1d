import { localTime, momentOf } from '../../../infra/zone.ts'
import type { CampaignSpec } from '../campaigns/campaign.schema.ts'
import { intoWindow, within } from '../campaigns/schedule.ts'

type Span = NonNullable<CampaignSpec['window']>

/** When members may be asked, and when what they have not confirmed must be gone. */
export interface Hours {
  /** The campaign's own: asked within these minutes only. */
  readonly window: Span | null
  /** Quiet hours of the policies that speak of its people; empty for what is no marketing. */
  readonly quiet: readonly Span[]
  readonly zone: string
}

/** Taking back takes a moment too: quiet hours begin so much earlier for what is open. */
export const takeBackLeadMs = 5 * 60_000

const isQuiet = ({ quiet, zone }: Hours, at: Date) => {
  const { minute } = localTime(at, zone)
  return quiet.some((span) => within(minute, span))
}

/** Whether open tasks must be taken back now. */
export function mustTakeBack(hours: Hours, now: Date): boolean {
  return isQuiet(hours, now) || isQuiet(hours, new Date(now.getTime() + takeBackLeadMs))
}

/** This moment, or the next at which members may be asked; undefined: never, since it is quiet the whole window through. */
export function mayAskAt(hours: Hours, now: Date): Date | undefined {
  let at = now
  // each step leaves one span of quiet or reaches the window: a few a day, and what is not found in two days never comes
  for (let steps = 0; steps < 4 * (hours.quiet.length + 1); steps += 1) {
    const opens = intoWindow(at, hours.window, hours.zone)
    if (!mustTakeBack(hours, opens)) return opens
    at = afterQuiet(hours, opens)
  }
  return undefined
}

function afterQuiet({ quiet, zone }: Hours, at: Date): Date {
  const early = new Date(at.getTime() + takeBackLeadMs)
  const spans = quiet.filter(
    (span) => within(localTime(at, zone).minute, span) || within(localTime(early, zone).minute, span),
  )
  const ends = spans.map((span) => next(span.until, at, zone).getTime())
  return new Date(Math.max(at.getTime() + 1, ...ends))
}

/** When open tasks must be taken back next, after this moment; undefined: never. */
export function nextTakingBack({ quiet, zone }: Hours, now: Date): Date | undefined {
  const begins = quiet.map((span) => {
    const from = new Date(next(span.from, new Date(now.getTime() + takeBackLeadMs), zone).getTime() - takeBackLeadMs)
    return from.getTime()
  })
  return begins.length === 0 ? undefined : new Date(Math.min(...begins))
}

function next(minute: number, after: Date, zone: string): Date {
  const { dayNumber } = localTime(after, zone)
  const today = momentOf(dayNumber, minute, zone)
  return today > after ? today : momentOf(dayNumber + 1, minute, zone)
}
