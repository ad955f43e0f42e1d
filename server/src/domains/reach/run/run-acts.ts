import type { Tx } from '../../../infra/db/database.ts'
import type { Services } from '../../../infra/services.ts'
import { clearRunAlarms } from './run.alarms.ts'
import { changeRun, type Run, type RunState } from './runs.store.ts'
import { steer } from './steer.ts'
import { keepOpen, takeBackOpen } from './tasks.store.ts'

export type RunAct = 'pause' | 'resume' | 'cancel' | 'acknowledge'

const from: Readonly<Record<RunAct, ReadonlySet<RunState>>> = {
  pause: new Set(['canary', 'running']),
  resume: new Set(['paused']),
  // one that was stopped takes back what is open by itself: all that is left is to say that one has seen it
  cancel: new Set(['planning', 'planned', 'canary', 'running', 'paused']),
  acknowledge: new Set(['stopped']),
}

export function mayAct(
  act: RunAct,
  { state, rehearsal, haltedBy }: Pick<Run, 'state' | 'rehearsal' | 'haltedBy'>,
): boolean {
  if (act === 'acknowledge' && haltedBy !== null) return false
  return !rehearsal && from[act].has(state)
}

type Needs = Pick<Services, 'clock' | 'due'>

/** Nothing more is asked; what is open is taken back too unless told, and made anew when the run goes on. The run is held. */
export async function pauseRun(needs: Needs, tx: Tx, run: Run, takeBack: boolean, by: string): Promise<void> {
  await changeRun(tx, run.id, { state: 'paused', why: 'person', haltedBy: by })
  if (takeBack) await takeBackOpen(tx, run.id, 'paused', needs.clock.now())
  await steer(needs, tx, { ...run, state: 'paused' })
}

/** A person has seen that the run was stopped by its canary: its alarm is over, and who saw it is kept. */
export async function acknowledgeRun({ clock }: Needs, tx: Tx, run: Run, by: string): Promise<void> {
  await changeRun(tx, run.id, { haltedBy: by })
  await clearRunAlarms(tx, run, clock.now())
}

/** A canary that has not been let through goes on as one, and has its time again. */
export async function resumeRun(needs: Needs, tx: Tx, run: Run): Promise<void> {
  const now = needs.clock.now()
  const passed = run.spec.canary === null || run.canary === null || run.canary.verdict === 'go'
  const state = passed ? 'running' : 'canary'
  const startedAt = passed ? (run.startedAt ?? now) : now
  await changeRun(tx, run.id, { state, why: null, haltedBy: null, startedAt })
  await keepOpen(tx, run.id, 'paused')
  await clearRunAlarms(tx, run, now)
  await steer(needs, tx, { ...run, state, startedAt })
}

/** What is not sent is not sent any more. What members confirm before their task is taken back counts as sent. */
export async function cancelRun(needs: Needs, tx: Tx, run: Run, by: string | null): Promise<void> {
  const now = needs.clock.now()
  await changeRun(tx, run.id, { state: 'cancelled', why: 'person', haltedBy: by })
  await clearRunAlarms(tx, run, now)
  await steer(needs, tx, { ...run, state: 'cancelled' })
}
