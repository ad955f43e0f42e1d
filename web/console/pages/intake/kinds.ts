import type { Say } from '#shared/i18n/words.ts'
import { words } from './words.ts'

type Keys = keyof typeof words.zh
const known: readonly string[] = Object.keys(words.zh)

function isKey(key: string): key is Keys {
  return known.includes(key)
}

/** An event in the reader's words; one that we have no word for shows the platform's. */
export function kindName(kind: string, t: Say<Keys>): string {
  const key = `kind.${kind}`
  return isKey(key) ? t(key) : kind
}
