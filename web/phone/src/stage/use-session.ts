import { useCallback, useEffect, useState } from 'react'
import type { Person } from '../api/types.ts'
import { addressOf, type Session, sessionFromAddress } from '../rules/session.ts'

const key = (role: Person['role']) => `nuanyu.phone.${role}`

export function rememberedPerson(role: Person['role']): string | undefined {
  return localStorage.getItem(key(role)) ?? undefined
}

/** Who is being played; `visit` grows with each change so that the phone starts anew. */
export function useSession() {
  const [session, setSession] = useState<Session>(() =>
    sessionFromAddress(location.search, rememberedPerson('customer')),
  )
  const become = useCallback((id: string, chatWith?: string) => {
    setSession((old) => ({
      person: id,
      stack: chatWith ? [{ name: 'chat', peer: chatWith }] : [],
      visit: old.visit + 1,
    }))
  }, [])
  /** Someone has to be played: keeps what the deep link asked to open. */
  const playFirst = useCallback((id: string) => setSession((old) => ({ ...old, person: id, visit: old.visit + 1 })), [])
  const { person } = session
  useEffect(() => {
    if (person !== undefined) history.replaceState(history.state, '', addressOf(person))
  }, [person])
  return { session, become, playFirst }
}

export function rememberPerson(person: Person): void {
  localStorage.setItem(key(person.role), person.id)
}
