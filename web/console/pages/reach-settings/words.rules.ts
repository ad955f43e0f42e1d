export interface OwnWord {
  readonly word: string
  readonly advice: string
}

/** One word a line, with what to write instead after a space; empty lines and repetitions count nothing. */
export function readWords(text: string): OwnWord[] {
  const found = text.split('\n').flatMap((line): OwnWord[] => {
    const [word = '', ...rest] = line.trim().split(/\s+/)
    return word === '' ? [] : [{ word, advice: rest.join(' ') }]
  })
  return [...new Map(found.map((one) => [one.word, one])).values()]
}

export function writeWords(words: readonly OwnWord[]): string {
  return words.map(({ word, advice }) => (advice === '' ? word : `${word} ${advice}`)).join('\n')
}
