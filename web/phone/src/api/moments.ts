import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { api, at } from './client.ts'
import type { MomentPublished, PersonMoments } from './types.ts'

export type Moment = PersonMoments['moments'][number]

/** A Moment comes when the platform has made it or a member publishes it, which no message tells. */
const LOOK_MS = 2_000
export const momentsKey = (person: string) => ['moments', person] as const

/** Of a member what he is to publish and what he did; of a customer what his contacts published. Newest first. */
export function useMoments(person: string) {
  return useQuery({
    queryKey: momentsKey(person),
    queryFn: () => api.get<PersonMoments>(`people/${at(person)}/moments`),
    select: (answer) => answer.moments,
    refetchInterval: LOOK_MS,
  })
}

function useAct<Input extends { momentId: string }, Output>(
  person: string,
  act: string,
  bodyOf: (input: Input) => object,
) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (input: Input) =>
      api.post<Output>(`people/${at(person)}/moments/${at(input.momentId)}/${act}`, bodyOf(input)),
    onSuccess: () => client.invalidateQueries({ queryKey: momentsKey(person) }),
  })
}

type OfMember = Pick<Moment, 'momentId' | 'userid'>

/** The member's one tap: it is out in his name. */
export const usePublish = (person: string) =>
  useAct<{ momentId: string }, MomentPublished>(person, 'publish', () => ({}))
export const useLike = (person: string) =>
  useAct<OfMember & { liked: boolean }, unknown>(person, 'like', ({ userid, liked }) => ({ userid, liked }))
export const useComment = (person: string) =>
  useAct<OfMember & { text: string }, unknown>(person, 'comment', ({ userid, text }) => ({ userid, text }))
