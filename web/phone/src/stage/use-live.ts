import { useQueryClient } from '@tanstack/react-query'
import { useEffect } from 'react'
import { refreshPerson } from '../api/chats.ts'
import type { Person } from '../api/types.ts'
import { touches } from '../rules/touches.ts'
import { onStream } from './stream-store.ts'

/** A member at peak is added many times a second: his phone is refreshed this often at most. */
const REST_MS = 1000

/** Keeps the played person's phone in step with the platform. */
export function useLive(person: Person | undefined): void {
  const client = useQueryClient()
  const id = person?.id
  const externalUserId = person?.externalUserId
  useEffect(() => {
    if (id === undefined) return
    const played = { id, ...(externalUserId === undefined ? {} : { externalUserId }) }
    let resting = false
    let missed = false
    let timer: ReturnType<typeof setTimeout> | undefined

    async function refresh(): Promise<void> {
      if (resting) {
        missed = true
        return
      }
      resting = true
      await refreshPerson(client, played.id)
      timer = setTimeout(() => {
        resting = false
        if (missed) {
          missed = false
          void refresh()
        }
      }, REST_MS)
    }

    const stop = onStream((events) => {
      if (events.some(({ event }) => event === 'fault')) void client.invalidateQueries({ queryKey: ['faults'] })
      if (events.some((event) => touches(event, played))) void refresh()
    })
    return () => {
      stop()
      clearTimeout(timer)
    }
  }, [client, id, externalUserId])
}
