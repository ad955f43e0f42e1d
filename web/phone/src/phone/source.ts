import type { Say } from '#shared/i18n/words.ts'
import type { Contact } from '../api/types.ts'
import type { WordKey } from '../words.ts'

/** The platform's numbers for how two people met [92114] that have a word of their own here. */
const KNOWN = [0, 1, 2, 3, 4, 5, 6, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 21, 22, 24, 201, 202] as const
type Known = (typeof KNOWN)[number]

function isKnown(addWay: number): addWay is Known {
  return KNOWN.some((known) => known === addWay)
}

export function sourceOf(contact: Pick<Contact, 'addWay' | 'state'>, t: Say<WordKey>): string {
  const way = isKnown(contact.addWay) ? t(`source.${contact.addWay}`) : t('source.other', { number: contact.addWay })
  return contact.state ? `${way} · ${contact.state}` : way
}
