import { AhoCorasick } from '@monyone/aho-corasick'
import { absoluteWords, innocentWords } from './absolute-words.ts'

export interface Found {
  readonly word: string
  /** The corp's own words have one. */
  readonly advice: string | undefined
}

/** What is not seen between two letters, though it stands there. */
const unseen = /[\p{Cf}\p{Variation_Selector}]/gu
/** A space that parts no two words of letters: between signs of Chinese it only parts a word. */
const gap = /(?<![a-z0-9])[^\S\n]+|[^\S\n]+(?![a-z0-9])/gu

/** As it reads: the same word in wide letters, capitals, or with gaps or signs that nobody sees in it, is the same word. */
const asRead = (text: string): string => text.normalize('NFKC').toLowerCase().replace(unseen, '').replace(gap, '')

/**
 * Looks for what must not be said: the corp's own words and the absolute words of the law, in one walk over the text. An
 * absolute word inside an innocent one, or inside the brand's own name, is no hit; the corp's own words always are.
 */
export function forbiddenIn(
  own: readonly { readonly word: string; readonly advice: string }[],
  brand: string,
): (text: string) => readonly Found[] {
  const words = new Map(own.map((one) => [asRead(one.word), one]))
  const innocent = new Set(
    [...innocentWords, ...(brand === '' ? [] : [brand])].map(asRead).filter((word) => !words.has(word)),
  )
  const absolute = new Map(absoluteWords.map((word) => [asRead(word), word]))
  const known = [...new Set([...absolute.keys(), ...innocent, ...words.keys()])].filter((word) => word !== '')
  const machine = new AhoCorasick(known)
  return (text) => {
    const all = machine.matchInText(asRead(text))
    const shields = all.filter(({ keyword }) => innocent.has(keyword))
    const hits = all.filter(
      ({ keyword, begin, end }) =>
        !innocent.has(keyword) &&
        (words.has(keyword) || !shields.some((shield) => shield.begin <= begin && end <= shield.end)),
    )
    return [...new Set(hits.map(({ keyword }) => keyword))].map((keyword) => {
      const said = words.get(keyword)
      return { word: said?.word ?? absolute.get(keyword) ?? keyword, advice: said?.advice || undefined }
    })
  }
}
