/** A column of numbers that grows; reading past the end gives 0. */
export interface Column {
  get(row: number): number
  set(row: number, value: number): void
  readonly length: number
}

type Numbers = Uint8Array | Uint16Array | Uint32Array | Float64Array
type Make = (length: number) => Numbers

export function column(make: Make, capacity: number): Column {
  let values = make(Math.max(16, capacity))
  let length = 0
  return {
    get: (row) => values[row] ?? 0,
    set(row, value) {
      if (row >= values.length) {
        const bigger = make(Math.max(row + 1, Math.ceil(values.length * 1.5)))
        bigger.set(values)
        values = bigger
      }
      values[row] = value
      if (row >= length) length = row + 1
    },
    get length() {
      return length
    },
  }
}

export const bytes: Make = (n) => new Uint8Array(n)
export const shorts: Make = (n) => new Uint16Array(n)
export const words: Make = (n) => new Uint32Array(n)
export const doubles: Make = (n) => new Float64Array(n)

/** Texts by number: each distinct text is kept once; 0 is the empty text. */
export interface Interned {
  number(text: string): number
  text(number: number): string
}

export function interned(): Interned {
  const texts = ['']
  const numbers = new Map([['', 0]])
  return {
    number(text) {
      const known = numbers.get(text)
      if (known !== undefined) return known
      texts.push(text)
      numbers.set(text, texts.length - 1)
      return texts.length - 1
    },
    text: (number) => texts[number] ?? '',
  }
}
