import { createContext, useContext } from 'react'
import type { Person } from '../api/types.ts'
import type { Screen } from '../rules/stack.ts'

export type PhoneContext = {
  /** Who is being played. */
  readonly person: Person
  readonly push: (screen: Screen) => void
  readonly pop: () => void
  /** Leaves what stood above the chat (a scanned card, a profile) behind. */
  readonly openChat: (peer: string) => void
  /** Back to the tabs. */
  readonly home: () => void
  /** Becomes the other person, in the same conversation. */
  readonly become: (id: string, chatWith?: string) => void
}

const Context = createContext<PhoneContext | undefined>(undefined)
export const PhoneProvider = Context.Provider

export function usePhone(): PhoneContext {
  const phone = useContext(Context)
  if (!phone) throw new Error('usePhone is used outside the phone')
  return phone
}
