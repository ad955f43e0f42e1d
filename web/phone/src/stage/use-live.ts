import { type QueryClient, useQueryClient } from '@tanstack/react-query'
import { useEffect, useRef } from 'react'
import { refreshPerson } from '../api/chats.ts'
import type { Person } from '../api/types.ts'
import { createPacer } from '../rules/pacer.ts'
import { touches } from '../rules/touches.ts'
import { onStream, onStreamOpened } from './stream-store.ts'

/** A member at peak is added many times a second: his phone is refreshed this often at most. */
const REST_MS = 1000

/** Keeps the played person's phone in step with the platform. */
export function useLive(person: Person | undefined): void {
  const client = useQueryClient()
  const id = person?.id
  // the first add gives a customer this name while his phone is being refreshed: that must not begin it anew
  const externalUserId = useRef(person?.externalUserId)
  externalUserId.current = person?.externalUserId
  useEffect(() => (id === undefined ? undefined : follow(client, id, () => externalUserId.current)), [client, id])
}

function follow(client: QueryClient, id: string, externalUserIdNow: () => string | undefined): () => void {
  const pacer = createPacer(() => refreshPerson(client, id), REST_MS)
  const unheard = onStream((events) => {
    if (events.some(({ event }) => event === 'fault')) void client.invalidateQueries({ queryKey: ['faults'] })
    const externalUserId = externalUserIdNow()
    const played = { id, ...(externalUserId === undefined ? {} : { externalUserId }) }
    if (events.some((event) => touches(event, played))) pacer.ask()
  })
  // what happened before the stream was open, or while it was broken, was not heard
  const unopened = onStreamOpened(pacer.ask)
  return () => {
    unheard()
    unopened()
    pacer.stop()
  }
}
