/**
 * How customers are found by a few letters of name, pinyin, initials or remark. Chinese names are two or three characters
 * long, too short for trigrams, so texts are cut into pieces of their own: characters and pairs of characters, the first
 * letters of every word, of the pinyin from every syllable on, and of its initials.
 */

const longest = 6
const longestInitials = 4
const words = /[a-z0-9]+|[^a-z0-9\s]+/g

export interface Searchable {
  readonly name: string
  /** Syllables, a blank between them. */
  readonly pinyin: string
  readonly remarks: readonly string[]
}

/** One line a field, in small letters: what a hit is compared with in the end. */
export function searchText({ name, pinyin, remarks }: Searchable): string {
  const syllables = pinyin.toLowerCase().split(' ').filter(Boolean)
  return [
    ...new Set([folded(name), syllables.join(''), initialsOf(syllables), ...remarks.map(folded)].filter(Boolean)),
  ].join('\n')
}

/** The pieces of a person's texts. */
export function piecesOf({ name, pinyin, remarks }: Searchable): ReadonlySet<string> {
  const pieces = new Set<string>()
  for (const text of new Set([name, ...remarks])) {
    cut(small(text), pieces)
    // `Chen Xiaoyu` is found by `chenxi` too
    if (/\s/.test(small(text))) cut(folded(text), pieces)
  }
  const syllables = pinyin.toLowerCase().split(' ').filter(Boolean)
  const initials = initialsOf(syllables)
  for (let at = 0; at < syllables.length; at += 1) {
    prefixes(syllables.slice(at).join(''), longest, pieces)
    prefixes(initials.slice(at), longestInitials, pieces)
  }
  return pieces
}

/** The pieces that a text must have to hold what was typed; what was typed is then looked for in `searchText`. */
export function piecesAsked(typed: string): readonly string[] {
  const pieces = new Set<string>()
  for (const word of small(typed).match(words) ?? []) {
    if (isLatin(word)) {
      pieces.add(word.slice(0, longest))
      continue
    }
    const characters = [...word]
    if (characters.length === 1) pieces.add(word)
    for (let at = 0; at + 1 < characters.length; at += 1) pieces.add(`${characters[at]}${characters[at + 1]}`)
  }
  return [...pieces]
}

/** Small letters, without blanks: what stands apart here and together there is the same. */
export function folded(text: string): string {
  return small(text).replaceAll(/\s+/g, '')
}

function small(text: string): string {
  return text.normalize('NFKC').toLowerCase()
}

function cut(text: string, into: Set<string>): void {
  for (const word of text.match(words) ?? []) {
    if (isLatin(word)) {
      prefixes(word, longest, into)
      continue
    }
    const characters = [...word]
    characters.forEach((character, at) => {
      into.add(character)
      const next = characters[at + 1]
      if (next !== undefined) into.add(`${character}${next}`)
    })
  }
}

function prefixes(text: string, upTo: number, into: Set<string>): void {
  for (let length = 1; length <= Math.min(text.length, upTo); length += 1) into.add(text.slice(0, length))
}

function initialsOf(syllables: readonly string[]): string {
  return syllables.map((syllable) => syllable.charAt(0)).join('')
}

function isLatin(word: string): boolean {
  return /^[a-z0-9]/.test(word)
}
