import { AhoCorasick } from '@monyone/aho-corasick'
import { absoluteWords, innocentWords } from './absolute-words.ts'

export interface Found {
  readonly word: string
  /** The corp's own words have one. */
  readonly advice: string | undefined
}

/**
 * Looks for what must not be said: the corp's own words and the absolute words of the law, in one walk over the text. An
 * absolute word inside an innocent one, or inside the brand's own name, is no hit; the corp's own words always are.
 */
export function forbiddenIn(
  own: readonly { readonly word: string; readonly advice: string }[],
  brand: string,
): (text: string) => readonly Found[] {
  const advice = new Map(own.map((one) => [one.word, one.advice]))
  const innocent = new Set([...innocentWords, ...(brand === '' ? [] : [brand])].filter((word) => !advice.has(word)))
  const machine = new AhoCorasick([...new Set([...absoluteWords, ...innocent, ...advice.keys()])])
  return (text) => {
    const all = machine.matchInText(text)
    const shields = all.filter(({ keyword }) => innocent.has(keyword))
    const hits = all.filter(
      ({ keyword, begin, end }) =>
        !innocent.has(keyword) &&
        (advice.has(keyword) || !shields.some((shield) => shield.begin <= begin && end <= shield.end)),
    )
    return [...new Set(hits.map(({ keyword }) => keyword))].map((word) => ({
      word,
      advice: advice.get(word) || undefined,
    }))
  }
}
