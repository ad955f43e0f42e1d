/** So many persons with numbers next to each other stand in a sample together. */
export const partSize = 1_024
const sampled = 96

export interface SampledPart {
  readonly held: number
  readonly persons: number
}

export interface Estimate {
  readonly count: number
  /** The true count lies between these in nineteen of twenty rules. */
  readonly low: number
  readonly high: number
  readonly of: number
  /** Of whom the rule was asked; as many as `of`: the count is exact. */
  readonly asked: number
}

/** Parts spread evenly over all numbers, the same each time, so that an estimate stands still while a rule does. */
export function partsToSample(numbers: number): readonly number[] {
  const all = Math.ceil(numbers / partSize)
  const stride = Math.max(1, Math.floor(all / sampled))
  const found: number[] = []
  for (let part = Math.floor(stride / 2); part < all; part += stride) found.push(part)
  return found
}

/** What parts of all persons say of all: the share of those whom they hold, and how far parts differ from each other. */
export function estimateFrom(parts: readonly SampledPart[], allParts: number, of: number): Estimate {
  const held = parts.reduce((sum, part) => sum + part.held, 0)
  const asked = parts.reduce((sum, part) => sum + part.persons, 0)
  if (parts.length >= allParts) return { count: held, low: held, high: held, of, asked: of }
  if (asked === 0) return { count: 0, low: 0, high: of, of, asked }
  const share = held / asked
  const spread = parts.reduce((sum, part) => sum + (part.held - share * part.persons) ** 2, 0) / (parts.length - 1 || 1)
  const off = 2 * allParts * Math.sqrt((spread * (1 - parts.length / allParts)) / parts.length)
  // of what no part holds, three in as many as were asked may still be
  const most = Math.max(share * of + off, (3 / asked) * of)
  return {
    count: Math.round(share * of),
    low: Math.max(held, Math.floor(share * of - off)),
    high: Math.min(of - (asked - held), Math.ceil(most)),
    ...{ of, asked },
  }
}
