import type { Database, Tx } from '../db/database.ts'

/** A long operation: every one has progress, cancel and a result, and goes on from its checkpoint after a crash. */
export interface OperationRun<Input> {
  readonly id: string
  readonly corpId: number
  readonly input: Input
  readonly checkpoint: unknown
  /** Reports progress and the point to resume from; throws `OperationCancelled` when a person asked for it. Written at most twice a second. */
  progress(report: { done: number; total?: number; checkpoint?: unknown }): Promise<void>
}

/** A person cancelled it: the task ends, cleaning up after itself if it must. */
export class OperationCancelled extends Error {}

/** This process stops, or lost the operation to another one: the task ends, and goes on from its checkpoint elsewhere. */
export class OperationInterrupted extends Error {}

export type OperationTask<Input> = (run: OperationRun<Input>) => Promise<unknown>

export interface OperationRequest {
  readonly kind: string
  readonly corpId: number
  readonly input: unknown
  /** The account's id, or `system`. */
  readonly startedBy: string
}

export interface OperationView {
  readonly id: string
  readonly kind: string
  readonly state: 'waiting' | 'running' | 'done' | 'failed' | 'cancelled'
  readonly done: number
  readonly total: number | null
  readonly result: unknown
  readonly error: string | null
  readonly cancelAsked: boolean
  readonly startedBy: string
  readonly createdAt: Date
  readonly startedAt: Date | null
  readonly finishedAt: Date | null
}

export interface Operations {
  /** Registers what a kind does; call before `start`. */
  define<Input>(kind: string, task: OperationTask<Input>): void
  /** Puts one into the queue, in the caller's transaction if given; it runs in any process with the role `worker`. */
  begin(request: OperationRequest, on?: Tx): Promise<string>
  cancel(corpId: number, id: string): Promise<boolean>
  find(corpId: number, id: string): Promise<OperationView | undefined>
  recent(corpId: number, limit: number): Promise<readonly OperationView[]>
  /** Starts working: takes waiting ones, and those whose process died. */
  start(db: Database): void
  stop(): Promise<void>
}
