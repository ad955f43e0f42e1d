import type { Hit } from './hits.ts'

export interface CustomerHits {
  hits: Hit[]
  loading: boolean
  failed: boolean
}

/** Customers by name or pinyin. */
export function useCustomerHits(_typed: string): CustomerHits {
  return { hits: [], loading: false, failed: false }
}
