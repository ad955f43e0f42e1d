import { App } from 'antd'
import { api } from '#shared/api/client.ts'
import { useWords } from '#shared/i18n/words.ts'
import { explain } from '../../lib/explain.ts'
import { queryClient } from '../../lib/queryClient.ts'
import { customersKey } from './customers.ts'
import { words } from './persons.words.ts'

export const personsKey = ['persons'] as const

/** Carries a decision out, says how it went, and reads everything anew that it may have changed. */
export function usePersonDecisions() {
  const t = useWords(words)
  const { message } = App.useApp()
  async function carryOut(work: () => Promise<unknown>): Promise<void> {
    try {
      await work()
      message.success(t('done'))
    } catch (failure) {
      const { title, hint } = explain(failure)
      message.error(`${title}${hint}`)
    }
    await queryClient.invalidateQueries({ queryKey: personsKey })
    await queryClient.invalidateQueries({ queryKey: customersKey })
  }
  return {
    keepApart: (low: number, high: number, reason: string) =>
      carryOut(() => api.POST('/api/person-conflicts/keep-apart', { body: { low, high, reason } })),
    decide: (low: number, high: number, same: boolean, reason: string) =>
      carryOut(() => api.POST('/api/person-proposals/decide', { body: { low, high, same, reason } })),
    undo: (id: number, reason: string) =>
      carryOut(() => api.POST('/api/person-merges/{id}/undo', { params: { path: { id } }, body: { reason } })),
    part: (id: number, home: number, reason: string) =>
      carryOut(() =>
        api.POST('/api/customers/{id}/identities/part', { params: { path: { id } }, body: { home_id: home, reason } }),
      ),
    merge: (one: number, other: number, reason: string) =>
      carryOut(() => api.POST('/api/person-merges', { body: { one, other, reason } })),
  }
}
