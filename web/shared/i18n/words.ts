import { useCallback } from 'react'
import { useTranslation } from 'react-i18next'
import { i18n } from './i18n.ts'

type Values = Record<string, string | number>

/** Every key of the Chinese in English too; English may add `<key>_one` where its singular differs. */
type English<Keys extends string> = Record<Keys, string> & Partial<Record<`${Keys}_one`, string>>

export interface RoomWords<Keys extends string> {
  namespace: string
  zh: Record<Keys, string>
  en: English<Keys>
}

const rooms = new Map<string, RoomWords<string>>()

/**
 * The words of one room, in a file `words.ts` beside its pages. Placeholders are `{{name}}`; `count` chooses the
 * English singular. Forgetting an English word does not compile.
 */
export function defineWords<const Keys extends string>(
  namespace: string,
  zh: Record<Keys, string>,
  en: NoInfer<English<Keys>>,
): RoomWords<Keys> {
  const room = { namespace, zh, en }
  i18n.addResourceBundle('zh-CN', namespace, zh, false, true)
  i18n.addResourceBundle('en', namespace, en, false, true)
  rooms.set(namespace, room)
  return room
}

export function definedRooms(): RoomWords<string>[] {
  return [...rooms.values()]
}

export type Say<Keys extends string> = (key: Keys, values?: Values) => string

/** The words of a room in the reader's language: `const t = useWords(words)`, then `t('column.name')`. */
export function useWords<Keys extends string>(room: RoomWords<Keys>): Say<Keys> {
  const { t } = useTranslation(room.namespace, { i18n })
  return useCallback((key: string, values?: Values) => t(key, values ?? {}), [t])
}

/** Outside React (formatters, messages of a request): the same words in the language of this moment. */
export function say<Keys extends string>(room: RoomWords<Keys>, key: Keys, values?: Values): string {
  const name: string = key
  return i18n.t(name, { ns: room.namespace, ...values })
}
