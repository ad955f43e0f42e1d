import type { Services } from '../../../infra/services.ts'
import { planKind } from '../campaigns/start.jobs.ts'
import { steerDue } from '../run/steer.ts'
import { heldDue, releaseHeld, scheduleHeld } from './held.ts'
import { type Begin, type PlanRequest, planRun } from './planning.ts'

/** Call before operations are started. `begin`: what happens with a run of which the plan is made. */
export function definePlanning(services: Pick<Services, 'db' | 'clock' | 'operations' | 'due'>, begin: Begin): void {
  services.operations.define<PlanRequest>(planKind, (run) =>
    planRun(services, run, async (tx, runId) => {
      await scheduleHeld(services, tx, { id: runId, corpId: run.corpId })
      await begin(tx, runId)
    }),
  )
}

/** Those whom a run holds are decided about again when their time has come. Call before what is due is started. */
export function defineHeld(services: Pick<Services, 'db' | 'clock' | 'operations' | 'due'>): void {
  const { operations, due, clock } = services
  operations.define<PlanRequest>(heldDue, (run) =>
    releaseHeld(services, run, (tx, runId) =>
      due.schedule(tx, [{ corpId: run.corpId, kind: steerDue, key: String(runId), at: clock.now() }]),
    ),
  )
  due.define(heldDue, async (items, tx) => {
    for (const { corpId, key } of items)
      await operations.begin({ kind: heldDue, corpId, input: { runId: Number(key) }, startedBy: 'system' }, tx)
  })
}
