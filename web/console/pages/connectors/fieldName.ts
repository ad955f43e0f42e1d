import type { Say } from '#shared/i18n/words.ts'
import type { FactKind } from './connectors.ts'
import { type FieldWords, words } from './field.words.ts'

/** What a field is called; one that only its path is known of, by the path. */
export function fieldName(t: Say<FieldWords>, kind: FactKind, field: string): string {
  const named = [`${kind}.${field}`, field].find(isNamed)
  return named === undefined ? field : t(named)
}

function isNamed(key: string): key is FieldWords {
  return Object.hasOwn(words.zh, key)
}
