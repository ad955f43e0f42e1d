import { useMutation, useQueryClient } from '@tanstack/react-query'
import { refreshPerson } from './chats.ts'
import { api, at } from './client.ts'
import { momentsKey } from './moments.ts'
import type { BroadcastSent, MomentPublished, OwnBroadcast, OwnMoment } from './types.ts'

export interface OwnPosted {
  /** Customers who can see it, or the customers or groups that got it. */
  readonly reached: number
}

/** A member publishes of his own accord; without customers all of his may see it. */
export function useOwnMoment(person: string) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: async (own: OwnMoment): Promise<OwnPosted> => {
      const { seen } = await api.post<MomentPublished>(`people/${at(person)}/moments`, own)
      return { reached: seen }
    },
    onSuccess: () => client.invalidateQueries({ queryKey: momentsKey(person) }),
  })
}

/** A member's own mass send; without customers and groups to all of his customers. */
export function useOwnSend(person: string) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: async (own: OwnBroadcast): Promise<OwnPosted> => {
      const { counts } = await api.post<BroadcastSent>(`people/${at(person)}/broadcasts`, own)
      return { reached: counts.sent }
    },
    onSuccess: () =>
      Promise.all([refreshPerson(client, person), client.invalidateQueries({ queryKey: ['tasks', person] })]),
  })
}
