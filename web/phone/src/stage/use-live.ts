import { useQueryClient } from '@tanstack/react-query'
import { useEffect } from 'react'
import { refreshPerson } from '../api/chats.ts'
import { onStream } from './stream-store.ts'

/** Changes that leave no message behind but can be seen on a phone: remark, tags, a deletion, a group. */
const SEEN = /externalcontact\/(remark|mark_tag|groupchat)|change_external_(contact|chat)/

/** Keeps the played person's phone in step with the platform. */
export function useLive(person: string | undefined): void {
  const client = useQueryClient()
  useEffect(
    () =>
      onStream((events) => {
        const faults = events.some(({ event }) => event === 'fault')
        if (faults) void client.invalidateQueries({ queryKey: ['faults'] })
        if (person === undefined) return
        const reached = events.some((entry) => {
          if (entry.event === 'message') return entry.data.person === person
          if (entry.event === 'call') return entry.data.errcode === 0 && SEEN.test(entry.data.path)
          return entry.event === 'callback' && SEEN.test(entry.data.event)
        })
        if (reached) void refreshPerson(client, person)
      }),
    [client, person],
  )
}
