import type { Services } from '../../../infra/services.ts'
import { doubtAgain, lookKind, markStaleIds, recheckKind } from '../codes/code-look.store.ts'

/**
 * What business time alone changes about codes: a shift begins, a day's limits start anew, a member who could not be added
 * is tried again. Ripe appointments only mark channels; the upkeep looks at marked ones within its next second.
 */
export function defineChannelDue({ due }: Pick<Services, 'due'>): void {
  due.define(lookKind, (items, tx) =>
    markStaleIds(
      tx,
      items.map(({ key }) => key),
    ),
  )
  due.define(recheckKind, (items, tx) =>
    doubtAgain(
      tx,
      items.flatMap(({ corpId, payload: { userid } }) => (typeof userid === 'string' ? [{ corpId, userid }] : [])),
    ),
  )
}
