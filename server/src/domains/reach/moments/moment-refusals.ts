import type { Client } from '@nuanyu/wecom'
import { takePassingTag } from '../../tags/index.ts'
import { dropLateRefusals, refusedSince } from '../run/late-wishes.store.ts'
import type { RunNeeds } from '../run/launch.ts'
import { holdRun, type Run } from '../run/runs.store.ts'
import { tasksOfMoment } from '../run/tasks.store.ts'
import type { Moment } from './moment.ts'
import { carriersAmong } from './viewers.store.ts'

/**
 * Takes the tag of a Moment from whoever said since the plan that he wants nothing, or less, so that he does not see it, before it is
 * asked for and, unlike with a message, also while members have not published it. False: the platform does not do it now.
 * Of a Moment by corp tags nobody can be left out.
 */
export async function leaveOutRefusals(needs: RunNeeds, client: Client, run: Run, moment: Moment): Promise<boolean> {
  const { db } = needs
  const [tag] = moment.tags
  if (!run.spec.marketing || !moment.ownTag || tag === undefined) return true
  const refused = await refusedSince(db, run, needs.clock.now())
  const carriers = await carriersAmong(
    db,
    moment,
    refused.map(({ person }) => person),
  )
  if (carriers.length === 0) return true
  const called = await takePassingTag(needs, run.corpId, client, tag, carriers)
  if (called.some(({ came }) => came === 'later')) return false
  await db.transaction().execute(async (tx) => {
    await holdRun(tx, run.id)
    const open = await tasksOfMoment(tx, moment, ['planned', 'asking', 'asked', 'unknown'])
    await dropLateRefusals(tx, run, open, needs.clock.now())
  })
  return true
}
