import { keepPreviousData, useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { api, at, query } from './client.ts'
import { rememberName } from './names.ts'
import type {
  CodesResponse,
  Contact,
  ContactsResponse,
  GroupDetail,
  NewPerson,
  PeopleResponse,
  Person,
  PersonDetail,
  ScanResponse,
  WebPage,
} from './types.ts'

export function usePeople(role: 'customer' | 'staff', q: string) {
  return useInfiniteQuery({
    queryKey: ['people', role, q],
    queryFn: async ({ pageParam }) => {
      const page = await api.get<PeopleResponse>(`people?${query({ role, q, cursor: pageParam, limit: 40 })}`)
      for (const person of page.people) rememberName(person.id, person.name)
      return page
    },
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.nextCursor ?? undefined,
    placeholderData: keepPreviousData,
  })
}

export function usePerson(id: string | undefined) {
  return useQuery({
    queryKey: ['person', id],
    queryFn: async () => {
      const person = await api.get<PersonDetail>(`people/${at(id ?? '')}`)
      rememberName(person.id, person.name)
      return person
    },
    enabled: id !== undefined,
    retry: false,
  })
}

export function useContacts(id: string) {
  return useInfiniteQuery({
    queryKey: ['contacts', id],
    queryFn: ({ pageParam }) =>
      api.get<ContactsResponse>(`people/${at(id)}/contacts?${query({ cursor: pageParam, limit: 100 })}`),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.nextCursor ?? undefined,
  })
}

/** One relation as the person sees it: status, remark, tags, source. */
export function useContact(id: string, peer: string) {
  return useQuery({
    queryKey: ['contact', id, peer],
    queryFn: () => api.get<Contact>(`people/${at(id)}/contacts/${at(peer)}`),
    retry: false,
  })
}

export function useNewPerson() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (person: NewPerson) => api.post<PersonDetail>('people', person),
    onSuccess: () => client.invalidateQueries({ queryKey: ['people'] }),
  })
}

export function useCodes(q: string) {
  return useQuery({
    queryKey: ['codes', q],
    queryFn: () => api.get<CodesResponse>(`codes?${query({ q })}`),
    placeholderData: keepPreviousData,
  })
}

/** Scanning changes nothing, but the platform assigns a member for it: asked once a visit, not again on focus. */
export function useScan(person: Person, content: string) {
  return useQuery({
    queryKey: ['scan', person.id, content],
    queryFn: () => api.post<ScanResponse>(`people/${at(person.id)}/scan`, { content }),
    retry: false,
    gcTime: 0,
    staleTime: Number.POSITIVE_INFINITY,
  })
}

export function useGroup(chatId: string) {
  return useQuery({
    queryKey: ['group', chatId],
    queryFn: () => api.get<GroupDetail>(`groups/${at(chatId)}`),
  })
}

/** Opening counts as a visit at the brand's site, so it is asked only when the page is really opened. */
export function openPage(person: string, url: string): Promise<WebPage> {
  return api.post<WebPage>(`people/${at(person)}/open`, { url })
}
