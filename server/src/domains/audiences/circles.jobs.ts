import type { Tx } from '../../infra/db/database.ts'
import { withoutCircle } from './audience.refusals.ts'
import { tiesOf } from './follow.store.ts'
import { audiencesOf } from './saved.store.ts'

/**
 * Refuses what closed a circle over tags that follow an audience, when the rules of stages have changed in this transaction:
 * a stage that reads a tag that follows an audience that reads the stage would never come to rest.
 */
export async function withoutCircles(tx: Tx, corpId: number): Promise<void> {
  const ties = await tiesOf(tx, corpId)
  const followed = new Set(ties.tags.values())
  const all = await audiencesOf(tx, corpId)
  for (const audience of all.filter(({ id }) => followed.has(id)))
    withoutCircle(audience.id, audience.rule, all, audience.name, ties)
}
