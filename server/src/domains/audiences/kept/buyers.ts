import { type OrdersLeaf, periodDays } from '../rules/facts.ts'

const days = ['d1', 'd2', 'd3', 'd4', 'd5'] as const
const spent = ['t0', 't1', 't2', 't3', 't4', 't5', 't6', 't7', 't8', 't9', 't10', 't11', 't12'] as const

/** A number of a buyer that is kept by binary digits. What is larger than they tell stands as the largest. */
export interface Kept {
  readonly column: (typeof days)[number] | (typeof spent)[number] | 'orders' | 'net'
  /** 31 at most. */
  readonly bits: number
}

/** Who has a row of a buyer. */
export const buyerMark = 'buyer'
export const keptMark = ({ column }: Kept, bit: number) => `buyer:${column}:${bit}`

/** The day of the k-th latest order; days have 16 digits until the year 2149. */
const keptDays: readonly Kept[] = days.map((column) => ({ column, bits: 16 }))
export const latestDay: Kept = { column: 'd1', bits: 16 }
const keptOrders: Kept = { column: 'orders', bits: 16 }
const keptNet: Kept = { column: 'net', bits: 31 }
/** What was bought since each of thirteen periods began, in fen: more than a million yuan is read from rows. */
const keptSpent: readonly Kept[] = spent.map((column) => ({ column, bits: 27 }))
export const keptNumbers: readonly Kept[] = [...keptDays, keptOrders, keptNet, ...keptSpent]

export type BuyerRow = { readonly person_no: number } & Readonly<Record<Kept['column'], number | null>>

/** The marks of the buyers of one chunk as its bits, eight persons a byte; undefined: nobody has it. */
export function digitsOfBuyers(rows: readonly BuyerRow[]): ReadonlyMap<string, Uint8Array | undefined> {
  const masks = new Map<string, Uint8Array | undefined>([[buyerMark, rows.length > 0 ? personsMask(rows) : undefined]])
  for (const kept of keptNumbers) {
    const largest = 2 ** kept.bits - 1
    const digits: (Uint8Array | undefined)[] = Array.from({ length: kept.bits }, () => undefined)
    for (const row of rows) {
      const at = row.person_no & 65_535
      let value = Math.min(Math.max(row[kept.column] ?? 0, 0), largest)
      for (let bit = 0; value > 0; bit += 1, value >>>= 1) {
        if ((value & 1) === 0) continue
        const mask = digits[bit] ?? new Uint8Array(chunkBytes)
        digits[bit] = mask
        mask[at >> 3] = (mask[at >> 3] ?? 0) | (128 >> (at & 7))
      }
    }
    for (const [bit, mask] of digits.entries()) masks.set(keptMark(kept, bit), mask)
  }
  return masks
}

const chunkBytes = 8_192

/** Persons of one chunk as its bits. */
export function personsMask(persons: readonly { readonly person_no: number }[]): Uint8Array {
  const mask = new Uint8Array(chunkBytes)
  for (const { person_no } of persons) {
    const at = person_no & 65_535
    mask[at >> 3] = (mask[at >> 3] ?? 0) | (128 >> (at & 7))
  }
  return mask
}

/** A bound on a kept number, as an order leaf without product, category, store and channel comes to. */
export interface KeptBound {
  readonly kept: Kept
  readonly least: number
}

/** At least so many orders, or fen, where one kept number tells. */
export function keptBound(leaf: OrdersLeaf, least: number, today: number): KeptBound | undefined {
  const { window, measure } = leaf
  if (!ofAllOrders(leaf)) return undefined
  const kept = measure === 'count' ? keptOrders : keptNet
  if (!window) return least < 2 ** kept.bits ? { kept, least } : undefined
  const day = measure === 'count' && 'days' in window ? keptDays[least - 1] : undefined
  return day && 'days' in window ? { kept: day, least: today - window.days + 1 } : undefined
}

/** At least so many fen in the latest periods; it only holds for who bought anything since the first of them began. */
export function spentBound(
  leaf: OrdersLeaf,
  least: number,
  today: number,
): (KeptBound & { readonly since: number }) | undefined {
  const { window, measure } = leaf
  if (!ofAllOrders(leaf) || measure !== 'sum' || !window || !('periods' in window)) return undefined
  const first = Math.floor(today / periodDays) - window.periods + 1
  const kept = keptSpent[first % spent.length]
  return kept && least < 2 ** kept.bits ? { kept, least, since: first * periodDays } : undefined
}

export const ofAllOrders = (leaf: OrdersLeaf) =>
  leaf.product === undefined && leaf.category === undefined && leaf.store === undefined && leaf.channel === undefined
