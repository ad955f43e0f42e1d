import type { RoomWords, Say } from '#shared/i18n/words.ts'
import { type RunWords, words } from './run.words.ts'

/** Why somebody does not get it, in words; a code that is newer than this page stands for itself. */
export function reasonText(t: Say<RunWords>, reason: string): string {
  const key = `reason.${reason}`
  const known = (Object.keys((words satisfies RoomWords<RunWords>).zh) as RunWords[]).find((one) => one === key)
  return known === undefined ? reason : t(known)
}
