import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { api, ask } from '#shared/api/client.ts'
import { useMay } from '../lib/session.ts'
import type { Hit } from './hits.ts'

export interface CustomerHits {
  hits: Hit[]
  loading: boolean
  failed: boolean
}

const pauseMs = 200
const most = 6

/** Customers by name, pinyin, initials or remark, asked for when typing pauses. */
export function useCustomerHits(typed: string): CustomerHits {
  const may = useMay('customers.read')
  const wanted = typed.trim()
  const [q, setQ] = useState('')
  useEffect(() => {
    const timer = setTimeout(() => setQ(wanted), pauseMs)
    return () => clearTimeout(timer)
  }, [wanted])
  const { data, isFetching, isError } = useQuery({
    queryKey: ['customers', 'hits', q],
    queryFn: () => ask(api.GET('/api/customers', { params: { query: { q, limit: most } } })),
    enabled: may && q !== '',
    placeholderData: keepPreviousData,
  })
  if (wanted === '' || !may) return { hits: [], loading: false, failed: false }
  return {
    hits: (data?.items ?? []).map((customer) => ({
      id: `customer:${customer.id}`,
      kind: 'customers',
      name: customer.name,
      where: customer.members.map((member) => member.name).join('、'),
      path: `/customers/list/${customer.id}`,
    })),
    loading: isFetching || q !== wanted,
    failed: isError,
  }
}
