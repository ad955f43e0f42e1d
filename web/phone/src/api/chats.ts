import { type QueryClient, useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { api, at, query } from './client.ts'
import type { AddResponse, Chat, ChatsResponse, Message, MessagesResponse, Person, WriteResponse } from './types.ts'

const chatsKey = (person: string) => ['chats', person] as const
const messagesKey = (person: string, peer: string) => ['messages', person, peer] as const

export function useChats(person: string) {
  return useQuery({
    queryKey: chatsKey(person),
    queryFn: () => api.get<ChatsResponse>(`people/${at(person)}/chats`),
    select: (answer) => answer.chats,
  })
}

export function useMessages(person: string, peer: string) {
  return useInfiniteQuery({
    queryKey: messagesKey(person, peer),
    queryFn: ({ pageParam }) =>
      api.get<MessagesResponse>(
        `people/${at(person)}/chats/${at(peer)}/messages?${query({ cursor: pageParam, limit: 40 })}`,
      ),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.nextCursor ?? undefined,
    // Pages come newest first, oldest first inside each.
    select: (data) => [...data.pages].reverse().flatMap((page) => page.messages),
  })
}

/** Everything that an act in one chat can change on this phone. */
export async function refreshPerson(client: QueryClient, person: string): Promise<void> {
  await Promise.all([
    client.invalidateQueries({ queryKey: chatsKey(person) }),
    client.invalidateQueries({ queryKey: ['messages', person] }),
    client.invalidateQueries({ queryKey: ['contacts', person] }),
    client.invalidateQueries({ queryKey: ['contact', person] }),
    client.invalidateQueries({ queryKey: ['person', person] }),
  ])
}

export function useWrite(person: string, peer: string) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (text: string) => api.post<WriteResponse>(`people/${at(person)}/messages`, { peer, text }),
    onSuccess: () => refreshPerson(client, person),
  })
}

export function useMarkRead(person: string, peer: string) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: () => api.post(`people/${at(person)}/read`, { peer }),
    onMutate: () => {
      client.setQueryData<ChatsResponse>(chatsKey(person), (old) =>
        old ? { chats: old.chats.map((chat) => (chat.peer === peer ? { ...chat, unread: 0 } : chat)) } : old,
      )
    },
  })
}

/** `add`, `delete`, `accept`, `join`, `leave`: what people do to each other, always followed by a fresh look. */
function useAct<Input, Output>(person: string, act: string) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (input: Input) => api.post<Output>(`people/${at(person)}/${act}`, input),
    onSuccess: () => refreshPerson(client, person),
  })
}

export const useAdd = (person: Person) =>
  useAct<{ content: string } | { userid: string }, AddResponse>(person.id, 'add')
export const useDelete = (person: Person) => useAct<{ peer: string }, unknown>(person.id, 'delete')
export const useAccept = (person: Person) => useAct<{ peer: string }, unknown>(person.id, 'accept')
export const useJoin = (person: Person) =>
  useAct<{ content: string }, { chatId: string; name: string }>(person.id, 'join')
export const useLeave = (person: Person) => useAct<{ chatId: string }, unknown>(person.id, 'leave')

export function isOwn(message: Message, person: Person): boolean {
  return message.from === person.id
}

export function unreadTotal(chats: readonly Chat[] | undefined): number {
  return (chats ?? []).reduce((sum, chat) => sum + chat.unread, 0)
}
