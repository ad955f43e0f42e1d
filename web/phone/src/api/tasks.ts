import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { refreshPerson } from './chats.ts'
import { api, at } from './client.ts'
import { useMoments } from './moments.ts'
import type { MemberTasks } from './types.ts'

/** A task comes when the platform has dispatched it, which no message tells. */
const LOOK_MS = 2_000

/** What the member is asked to send: mass sends and Moments, the newest first. */
export function useTasks(person: string) {
  const sends = useQuery({
    queryKey: ['tasks', person],
    queryFn: () => api.get<MemberTasks>(`people/${at(person)}/tasks`),
    select: ({ tasks }) => tasks,
    refetchInterval: LOOK_MS,
  })
  const moments = useMoments(person)
  return { sends: sends.data ?? [], moments: moments.data ?? [], isPending: sends.isPending || moments.isPending }
}

export function openTasks({ sends, moments }: Pick<ReturnType<typeof useTasks>, 'sends' | 'moments'>): number {
  return [...sends, ...moments].filter(({ state }) => state === 'open').length
}

/** The member's one tap: the platform sends in his name. */
export function useConfirm(person: string) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (msgid: string) => api.post(`people/${at(person)}/tasks/${at(msgid)}/confirm`),
    onSuccess: () =>
      Promise.all([refreshPerson(client, person), client.invalidateQueries({ queryKey: ['tasks', person] })]),
  })
}

/** Taps a button of an app's card. */
export function useTapCard(person: string) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: ({ cardId, key }: { cardId: string; key: string }) =>
      api.post(`people/${at(person)}/cards/${at(cardId)}/tap`, { key }),
    onSuccess: () => refreshPerson(client, person),
  })
}
