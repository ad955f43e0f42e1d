import { bytes, exactCount, money, share } from '#shared/format/number.ts'
import { duration } from '#shared/format/time.ts'

export type LimitValue = number | string | boolean

const spans = { min: 'min', h: 'h', day: 'day', week: 'week', month: 'month' } as const
export type Span = keyof typeof spans

export interface Written {
  /** The figure: «7,200 秒» would be «2 小时». */
  text: string
  /** `…/min`: what it is counted over. */
  per: Span | undefined
}

function isSpan(text: string | undefined): text is Span {
  return text !== undefined && text in spans
}

/** A limit as people read it: seconds as hours, bytes as KB, and the span of a rate apart. */
export function writeLimit(value: LimitValue, unit: string): Written {
  if (typeof value !== 'number') return { text: String(value), per: undefined }
  const [thing, over] = unit.split('/')
  const per = isSpan(over) ? over : undefined
  switch (thing) {
    case 's':
      return { text: duration(value * 1000), per }
    case 'bytes':
      return { text: value < 10_000 ? `${exactCount(value)} B` : bytes(value), per }
    case 'days':
      return { text: duration(value * 86_400_000), per }
    case 'share':
      return { text: share(value), per }
    case 'fen':
      return { text: money(value), per }
    case 'px':
      return { text: `${exactCount(value)} px`, per }
    default:
      return { text: Number.isInteger(value) ? exactCount(value) : String(value), per }
  }
}

export interface Filterable {
  name: string
  note: string
  grade: string
  override: LimitValue | null
}

export interface LimitFilter {
  q?: string | undefined
  group?: string | undefined
  grade?: string | undefined
  overridden?: boolean
}

export function groupOf(name: string): string {
  return name.split('.')[0] ?? name
}

/** Searched in the browser: the whole profile is one answer of some 30 KB. */
export function filterLimits<L extends Filterable>(limits: readonly L[], filter: LimitFilter): L[] {
  const q = filter.q?.trim().toLowerCase() ?? ''
  return limits.filter(
    (limit) =>
      (q === '' || limit.name.includes(q) || limit.note.toLowerCase().includes(q)) &&
      (filter.group === undefined || groupOf(limit.name) === filter.group) &&
      (filter.grade === undefined || limit.grade === filter.grade) &&
      (filter.overridden !== true || limit.override !== null),
  )
}
