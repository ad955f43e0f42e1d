/** Seeded arithmetic on 32-bit numbers: everything in the world that is not stored is computed with these. */

/** Mixes two numbers into one of 32 bits (murmur3's finaliser over both). */
export function hash(a: number, b: number): number {
  let h = (a ^ Math.imul(b, 0x9e3779b1)) | 0
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b)
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35)
  return (h ^ (h >>> 16)) >>> 0
}

/** A 32-bit seed from any text. */
export function seedOf(text: string): number {
  let h = 0x811c9dc5
  for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193)
  return hash(h, text.length)
}

const ROUNDS = 4

/** A permutation of all 32-bit numbers (Feistel network of 16-bit halves), fixed by `key`. */
export function scramble(value: number, key: number): number {
  let left = value >>> 16
  let right = value & 0xffff
  for (let round = 0; round < ROUNDS; round++) {
    const next = left ^ (hash(right, key + round) & 0xffff)
    left = right
    right = next
  }
  return ((left << 16) | right) >>> 0
}

/** The way back: `unscramble(scramble(v, k), k) === v`. */
export function unscramble(value: number, key: number): number {
  let left = value >>> 16
  let right = value & 0xffff
  for (let round = ROUNDS - 1; round >= 0; round--) {
    const before = right ^ (hash(left, key + round) & 0xffff)
    right = left
    left = before
  }
  return ((left << 16) | right) >>> 0
}

/** A stream of numbers in [0, 1), the same every time for one seed. */
export interface Dice {
  next(): number
  below(limit: number): number
}

export function dice(seed: number): Dice {
  let count = 0
  const next = () => hash(seed, ++count) / 0x1_0000_0000
  return { next, below: (limit) => Math.floor(next() * limit) }
}
