import { hash, scramble } from '../random.ts'

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789'

/** Makes opaque ids in the platform's shapes: the nth id of one seed is always the same, no two are alike. */
export interface IdMaker {
  (prefix: string, length: number): string
  /** How many were made so far, and going on after so many. */
  made(): number
  goOnFrom(made: number): void
}

export function idMaker(seed: number): IdMaker {
  let count = 0
  const make = (prefix: string, length: number) => {
    const n = count++
    // The scrambled counter makes it unique, the rest only fills.
    let text = prefix
    let rest = scramble(n, seed)
    for (let i = 0; i < 6; i++) {
      text += ALPHABET.charAt(rest % 62)
      rest = Math.floor(rest / 62)
    }
    for (let h = hash(n, seed + 1), i = 0; text.length < length; i++) {
      h = hash(h, i)
      text += ALPHABET.charAt(h % 62)
    }
    return text
  }
  return Object.assign(make, {
    made: () => count,
    goOnFrom(made: number) {
      count = made
    },
  })
}
