import type { CampaignSpec } from '../campaigns/campaign.schema.ts'
import { buckets } from './bucket.ts'

type Variants = CampaignSpec['variants']

/** How long a campaign that goes out then waits for who is capped; null: not at all. */
export function waitUntilOf(
  { governed: { when_capped: capped, wait_hours: hours } }: Pick<CampaignSpec, 'governed'>,
  at: Date,
): Date | null {
  return capped === 'hold' ? new Date(at.getTime() + hours * 3_600_000) : null
}

/** Up to which bucket somebody is held out by so many of a thousand. */
export function heldOutBelow(permille: number): number {
  return (permille * buckets) / 1_000
}

/** Of how many of a thousand no content is drawn: of those held out, and after them of those reached elsewhere. */
export function setAside({
  holdout_permille,
  elsewhere,
}: Pick<CampaignSpec, 'holdout_permille' | 'elsewhere'>): number {
  return holdout_permille + (elsewhere?.permille ?? 0)
}

/** Of the variants for everybody: up to which bucket (it is not among them) each is drawn, from there on. */
export function drawBounds(variants: Variants, asidePermille: number): readonly { variant: number; below: number }[] {
  const drawn = variants.flatMap((one, place) => (one.for === null ? [{ place, share: one.share }] : []))
  const whole = drawn.reduce((sum, one) => sum + one.share, 0)
  const from = heldOutBelow(asidePermille)
  let shares = 0
  return drawn.map(({ place, share }) => {
    shares += share
    return { variant: place, below: from + Math.round(((buckets - from) * shares) / whole) }
  })
}

/** Which variant somebody gets: the first that is for him, else the one drawn; undefined: none is for him. */
export function variantOf(
  variants: Variants,
  asidePermille: number,
  { bucket, audiences, store }: { bucket: number; audiences: ReadonlySet<string>; store: string | undefined },
): number | undefined {
  const own = variants.findIndex(({ for: whom }) => {
    if (whom === null) return false
    return 'audience' in whom ? audiences.has(whom.audience) : store !== undefined && whom.stores.includes(store)
  })
  if (own >= 0) return own
  if (bucket < heldOutBelow(asidePermille)) return undefined
  return drawBounds(variants, asidePermille).find(({ below }) => bucket < below)?.variant
}

export interface Span {
  readonly from: number
  readonly to: number
}

/** Spans of customers' numbers with about so many of them each, from counts of equal cells. */
export function spansOf(
  cells: readonly { readonly from: number; readonly to: number; readonly count: number }[],
  most: number,
): readonly Span[] {
  const spans: Span[] = []
  let [from, held] = [undefined as number | undefined, 0]
  let to = 0
  for (const cell of cells) {
    if (from !== undefined && held + cell.count > most) {
      spans.push({ from, to })
      ;[from, held] = [undefined, 0]
    }
    from ??= cell.from
    held += cell.count
    to = cell.to
  }
  return from === undefined ? spans : [...spans, { from, to }]
}
