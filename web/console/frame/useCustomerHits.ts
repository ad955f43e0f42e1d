import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { api, ask } from '#shared/api/client.ts'
import { listed } from '#shared/format/list.ts'
import { useWords } from '#shared/i18n/words.ts'
import { useMay } from '../lib/session.ts'
import type { Hit } from './hits.ts'
import { words } from './words.ts'

export interface CustomerHits {
  hits: Hit[]
  loading: boolean
  failed: boolean
}

const pauseMs = 200
const most = 6

function hitOf(id: number, name: string, where: string): Hit {
  return { id: `customer:${id}`, kind: 'customers', name, where, path: `/customers/list/${id}` }
}

/**
 * Customers by part of name, pinyin, initials or remark, and whoever is known by this whole member number, phone number
 * or imported name, though no member added him; asked for when typing pauses.
 */
export function useCustomerHits(typed: string): CustomerHits {
  const t = useWords(words)
  const may = useMay('customers.read')
  const wanted = typed.trim()
  const [q, setQ] = useState('')
  useEffect(() => {
    const timer = setTimeout(() => setQ(wanted), pauseMs)
    return () => clearTimeout(timer)
  }, [wanted])
  const { data, isFetching, isError } = useQuery({
    queryKey: ['customers', 'hits', q],
    queryFn: async () => {
      const params = { params: { query: { q, limit: most } } }
      const [customers, known] = await Promise.all([
        ask(api.GET('/api/customers', params)),
        ask(api.GET('/api/known-persons', params)),
      ])
      return { customers: customers.items, known: known.items }
    },
    enabled: may && q !== '',
    placeholderData: keepPreviousData,
  })
  if (wanted === '' || !may) return { hits: [], loading: false, failed: false }
  return {
    hits: [
      ...(data?.customers ?? []).map(({ id, name, members }) =>
        hitOf(id, name, listed(members.map((member) => member.name))),
      ),
      ...(data?.known ?? []).map(({ id, name, identities }) =>
        hitOf(id, name || (identities.find(({ value }) => value !== '')?.value ?? wanted), t('search.known')),
      ),
    ].slice(0, most),
    loading: isFetching || q !== wanted,
    failed: isError,
  }
}
