import { App } from 'antd'
import { useWords } from '#shared/i18n/words.ts'
import { explain } from '../../lib/explain.ts'
import { queryClient } from '../../lib/queryClient.ts'
import { customersKey } from '../customers/customers.ts'
import { tagSyncKey, tagsKey } from './tags.ts'
import { words } from './words.ts'

/** Carries a change of tags out, says how it went, and reads anew what it may have changed. True: it was done. */
export function useTagChanges() {
  const t = useWords(words)
  const { message } = App.useApp()
  return async function carryOut(work: () => Promise<unknown>, said?: string): Promise<boolean> {
    let isDone = true
    try {
      await work()
      message.success(said ?? t('done'))
    } catch (failure) {
      isDone = false
      const { title, hint } = explain(failure)
      message.error(`${title}${hint}`)
    }
    for (const queryKey of [tagsKey, tagSyncKey, customersKey]) await queryClient.invalidateQueries({ queryKey })
    return isDone
  }
}
