import { hash, scramble } from '../random.ts'

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789'

/** Makes opaque ids in the platform's shapes: the nth id of one seed is always the same, no two are alike. */
export type IdMaker = (prefix: string, length: number) => string

export function idMaker(seed: number): IdMaker {
  let count = 0
  return (prefix, length) => {
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
}
