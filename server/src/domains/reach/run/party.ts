import type { Executor, Tx } from '../../../infra/db/database.ts'
import type { Services } from '../../../infra/services.ts'
import type { ReadStatus } from './looks.ts'
import type { Failing } from './offers.ts'
import type { Run } from './runs.store.ts'
import type { Task, TaskKey } from './task.ts'

/** What a campaign's kind decides of its tasks: everything else of a run is the same for all. */
export interface Party {
  /** Takes out of tasks that are about to be asked whoever must not get them any more. */
  withoutRefusals(tx: Tx, run: Run, tasks: readonly Task[], now: Date): Promise<readonly Task[]>
  noteAsked(tx: Tx, tasks: readonly TaskKey[]): Promise<void>
  /** Whom the member of a task cannot send to. The run is held by the caller. */
  notGiven(needs: Pick<Services, 'platform' | 'clock'>, tx: Tx, run: Run, failing: readonly Failing[]): Promise<void>
}

/** Of a kind that goes out as messages: a task is one member's, and what the platform says of it too. */
export interface MessageParty extends Party {
  readonly chatType: 'single' | 'group'
  /** Whether results name everybody of a task from the first on; of groups only what was sent is told (93338). */
  readonly tellsAll: boolean
  /** By what ids the platform knows who is in these tasks of a run: by the task's number. */
  idsOf(on: Executor, runId: number, numbers: readonly number[]): Promise<ReadonlyMap<number, readonly string[]>>
  /** What the platform says of who is in a task whose member has confirmed: statuses, sums, touches, events. */
  takeIn(
    needs: Pick<Services, 'clock' | 'vault'>,
    tx: Tx,
    run: Run,
    task: Task,
    told: readonly ReadStatus[],
    at: Date,
  ): Promise<void>
  /** Whom another send of the same task reached besides: each is touched once more. Answers how many they are. */
  bookAgain(
    needs: Pick<Services, 'clock'>,
    tx: Tx,
    run: Run,
    task: Task,
    told: readonly ReadStatus[],
    at: Date,
  ): Promise<number>
}
