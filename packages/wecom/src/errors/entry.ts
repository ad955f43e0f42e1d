import type { Remedy } from './remedies.ts'

/** What an error code of the platform means and what to do about it, in both languages. */
export interface ErrorEntry {
  readonly meaning: string
  readonly meaningZh: string
  readonly remedy: string
  readonly remedyZh: string
}

export type ErrorEntries = Readonly<Record<number, ErrorEntry>>

/** One code: the Chinese is the official page's wording where it has one. */
export function entry(meaning: string, meaningZh: string, remedy: Remedy): ErrorEntry {
  return { meaning, meaningZh, remedy: remedy.en, remedyZh: remedy.zh }
}
