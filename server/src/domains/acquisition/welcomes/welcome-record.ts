import { appendEvents } from '../../../infra/events/events.store.ts'
import type { Services } from '../../../infra/services.ts'
import { recordTouches } from '../../reach/index.ts'
import { addStaffTasks } from '../../workbench/index.ts'
import { insertWelcomeSends } from './welcome.store.ts'
import { greetByHandTasks, sendOf, settlementOf, touchesOfWelcome, welcomeEventOf } from './welcome-results.ts'
import type { WelcomeResult } from './welcome-sender.ts'

/** Records what became of welcomes, in one transaction: what the ledger says is what the console shows. */
export async function recordWelcomes(
  { db, clock, effects, metrics }: Pick<Services, 'db' | 'clock' | 'effects' | 'metrics'>,
  results: readonly WelcomeResult[],
): Promise<void> {
  const at = clock.now()
  await db.transaction().execute(async (tx) => {
    await effects.settle(tx, results.map(settlementOf), at)
    await insertWelcomeSends(
      tx,
      results.map((result) => sendOf(result, at)),
    )
    await appendEvents(
      tx,
      results.map((result) => welcomeEventOf(result, at)),
      at,
    )
    await recordTouches(tx, results.flatMap(touchesOfWelcome))
    await addStaffTasks(
      tx,
      results.flatMap((result) => greetByHandTasks(result, at)),
    )
  })
  for (const { job, outcome } of results) {
    metrics.welcomes.inc({ outcome })
    const answered = job.stages['answered']
    if (answered !== undefined) metrics.welcome.observe(answered / 1000)
  }
}
