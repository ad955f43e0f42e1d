import type { Services } from '../../../infra/services.ts'
import { nextPresence, presenceChanged, presenceDue } from '../../organisation/index.ts'
import { scheduleHeld } from '../plan/held.ts'
import { troublesOf } from './offers.store.ts'
import { openRunsOf, takeUpAgain } from './presence.store.ts'
import { holdRun } from './runs.store.ts'
import { steer } from './steer.ts'

/**
 * A member came or went: what is open of his in the runs of campaigns goes to others at once, and who waited for nobody but
 * him is decided about again when he is back.
 */
export function definePresence(services: Pick<Services, 'clock' | 'due'>): void {
  const { clock, due } = services
  due.define(presenceDue, async (items, tx) => {
    const now = clock.now()
    const members = items.map(({ corpId, payload }) => ({ corpId, userid: String(payload['userid']) }))
    // in one order in every process: runs are held one after the other
    const runs = new Map<number, string[]>()
    for (const { corpId, userid } of members)
      for (const id of await openRunsOf(tx, corpId)) runs.set(id, [...(runs.get(id) ?? []), userid])
    for (const [id, userids] of [...runs].sort(([a], [b]) => a - b)) {
      const run = await holdRun(tx, id)
      if (run === undefined || run.endedAt !== null || run.startedAt === null) continue
      if (run.spec.kind === 'customer_send') {
        const troubles = await troublesOf(tx, run.corpId, userids, run.spec.senders.set, now)
        const back = userids.filter((userid) => !troubles.has(userid))
        if ((await takeUpAgain(tx, run, back, now)) > 0) await scheduleHeld(services, tx, run)
      }
      await steer(services, tx, run)
    }
    for (const { corpId, userid } of members) {
      const next = await nextPresence(tx, corpId, userid, now)
      if (next !== undefined) await presenceChanged(tx, corpId, [userid], next)
    }
  })
}
