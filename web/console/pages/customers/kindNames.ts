import { queryOptions, useQuery } from '@tanstack/react-query'
import { api, ask } from '#shared/api/client.ts'
import { type Say, useWords } from '#shared/i18n/words.ts'
import { type PersonWords, words } from './persons.words.ts'
import { personsKey } from './usePersonDecisions.ts'

/** The kinds of identities: those of the house and those that the brand declared. */
export const kindsQuery = queryOptions({
  queryKey: [...personsKey, 'kinds'],
  queryFn: () => ask(api.GET('/api/identity-kinds')),
  staleTime: 60_000,
})

const house = ['external_userid', 'unionid', 'member_no', 'phone', 'phone_typed', 'remark_mobile', 'email'] as const

/** A kind of the house as a word; one that the brand declared is shown by its code. */
export function kindText(kind: string, t: Say<PersonWords>): string {
  if (kind.startsWith('openid:')) return t('kind.openid', { app: kind.slice('openid:'.length) })
  const known = house.find((one) => one === kind)
  return known === undefined ? kind : t(`kind.${known}`)
}

/** Kinds as a person reads them: a declared one by the name that the brand gave it. */
export function useKindText(): (kind: string) => string {
  const t = useWords(words)
  const { data } = useQuery(kindsQuery)
  const names = new Map(data?.items.map(({ kind, name }) => [kind, name]))
  return (kind) => names.get(kind) ?? kindText(kind, t)
}
