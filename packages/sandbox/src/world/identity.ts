import { hash, scramble, seedOf, unscramble } from '../random.ts'

/**
 * Ids of the nth customer, computed and decoded instead of stored: `wm…` and `wo…` [92114], unionids and openids.
 * The last twelve characters carry the scrambled number and a check over it, so a made-up id is told from a real one.
 */
export interface Identity {
  externalUserId(index: number, wecom: boolean): string
  unionId(index: number): string
  openId(index: number): string
  /** The number in an id, or undefined when it is not one of this world. */
  indexOfExternal(id: string): number | undefined
  indexOfUnion(id: string): number | undefined
  indexOfOpen(id: string): number | undefined
}

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
const VALUES = new Int8Array(128).fill(-1)
for (let i = 0; i < 64; i++) VALUES[ALPHABET.charCodeAt(i)] = i
/** Two characters at once: a page of a hundred customers encodes 400 numbers. */
const PAIRS = Array.from({ length: 4096 }, (_, i) => ALPHABET.charAt(i >> 6) + ALPHABET.charAt(i & 63))

export function createIdentity(corpId: string, seed: number): Identity {
  const external = codec(hash(seed, 1), fixedText(`${corpId}:external`, 18))
  const union = codec(hash(seed, 2), `o${fixedText(`${seed}:union`, 15)}`)
  const open = codec(hash(seed, 3), `o${fixedText(`${corpId}:open`, 15)}`)
  return {
    externalUserId: (index, wecom) => (wecom ? 'wo' : 'wm') + external.encode(index),
    unionId: union.encode,
    openId: open.encode,
    indexOfExternal: (id) => (id.startsWith('wm') || id.startsWith('wo') ? external.decode(id.slice(2)) : undefined),
    indexOfUnion: union.decode,
    indexOfOpen: open.decode,
  }
}

/** Ids of one kind for every person, decoded back without being stored. */
export function codec(key: number, prefix: string) {
  const checkKey = hash(key, 0xc4ec)
  return {
    encode(index: number): string {
      const value = scramble(index, key)
      return prefix + sixChars(value) + sixChars(hash(value, checkKey))
    },
    decode(text: string): number | undefined {
      if (text.length !== prefix.length + 12 || !text.startsWith(prefix)) return undefined
      const value = fromSixChars(text, prefix.length)
      const check = fromSixChars(text, prefix.length + 6)
      if (value === undefined || check !== hash(value, checkKey)) return undefined
      return unscramble(value, key)
    },
  }
}

function sixChars(value: number): string {
  return `${PAIRS[value >>> 20]}${PAIRS[(value >>> 8) & 4095]}${PAIRS[(value & 255) << 4]}`
}

function fromSixChars(text: string, from: number): number | undefined {
  let value = 0
  for (let i = 0; i < 6; i++) {
    const digit = VALUES[text.charCodeAt(from + i)] ?? -1
    if (digit < 0) return undefined
    value = value * 64 + digit
  }
  // 36 bits hold 32 and four zeros.
  return value % 16 === 0 ? value / 16 : undefined
}

/** Text of a given length that is always the same for the same name. */
export function fixedText(name: string, length: number): string {
  let text = ''
  for (let i = 0, h = seedOf(name); text.length < length; i++) {
    h = hash(h, i)
    text += ALPHABET.charAt(h % 62)
  }
  return text
}
