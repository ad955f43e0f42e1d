import type { Appeal } from '../admin/schema.reach.ts'
import type { Played } from './applause.ts'
import type { Asked } from './asking.ts'
import { createDeliveries, type Deliveries } from './deliveries.ts'

/** What a Moment shows besides its text: media of one kind, or a link. */
export interface MomentContent {
  readonly text: string
  readonly images: readonly string[]
  readonly video: string | undefined
  readonly link: { readonly title?: string | undefined; readonly url: string; readonly media_id: string } | undefined
}

/** One member's part of a Moment. */
export interface MomentTask extends Asked {
  publishedAtMs: number | undefined
  /** Chosen to see it when it was published. */
  chosen: Uint32Array
  /** Of these the ones who truly see it, as positions in the log of views. */
  seenFrom: number
  seenTo: number
}

export interface Moment extends MomentContent {
  readonly number: number
  readonly momentId: string
  /** Undefined for a member's own. */
  readonly appKey: string | undefined
  readonly creator: string | undefined
  /** Corp tags whose carriers see it; empty: everybody. */
  readonly tags: readonly string[]
  /** Of a member's own the customers whom he chose; left out: all of his. */
  readonly only?: readonly number[]
  readonly madeAtMs: number
  /** How those who look take it, as it was set when it was made. */
  readonly appeal: Appeal | undefined
  readonly tasks: ReadonlyMap<number, MomentTask>
  cancelled: boolean
  /** Its member took it away. */
  deleted?: boolean
}

/** An asked-for Moment, until it is made and a day after. */
export interface MomentJob {
  readonly jobId: string
  readonly appKey: string
  readonly askedAtMs: number
  readonly doneAtMs: number
  /** Undefined when there was nobody to publish. */
  readonly momentId: string | undefined
  readonly invalid: {
    readonly users: readonly string[]
    readonly departments: readonly number[]
    readonly tags: readonly string[]
  }
}

export interface MomentsState {
  readonly jobs: readonly MomentJob[]
  readonly all: readonly (Omit<Moment, 'tasks'> & {
    readonly tasks: readonly (Omit<MomentTask, 'chosen' | 'wake'> & { readonly chosen: readonly number[] })[]
  })[]
  readonly views: ReturnType<Deliveries['dump']>
  readonly played?: readonly (readonly [number, Played])[]
}

/** All Moments in the order in which they were made, and who sees them. */
export interface Moments {
  readonly all: readonly Moment[]
  readonly jobs: ReadonlyMap<string, MomentJob>
  /** Every Moment that came to somebody's eyes: to whom, by whom, which. */
  readonly views: Deliveries
  /** By view, what played people did with it. */
  readonly played: Map<number, Played>
  get(momentId: string): Moment | undefined
  add(moment: Omit<Moment, 'number' | 'cancelled'>): Moment
  ask(job: MomentJob): void
  /** How many are being created at that moment. */
  inTheMaking(nowMs: number): number
  dump(): MomentsState
  load(state: MomentsState): void
}

/** All that a Moment says, for how people take it. */
export const wordsOf = ({ text, link }: Pick<MomentContent, 'text' | 'link'>): string =>
  [text, link?.title ?? '', link?.url ?? ''].join('\n')

export function newMomentTask(staff: number): MomentTask {
  return {
    staff,
    publishedAtMs: undefined,
    chosen: new Uint32Array(),
    seenFrom: 0,
    seenTo: 0,
    dueMs: undefined,
    wake: undefined,
  }
}

export function createMoments(): Moments {
  const all: Moment[] = []
  const byId = new Map<string, Moment>()
  const jobs = new Map<string, MomentJob>()
  const views = createDeliveries()
  const played = new Map<number, Played>()
  const enter = (moment: Moment) => {
    all.push(moment)
    byId.set(moment.momentId, moment)
    return moment
  }
  return {
    all,
    jobs,
    views,
    played,
    get: (momentId) => byId.get(momentId),
    add: (moment) => enter({ ...moment, number: all.length, cancelled: false }),
    ask: (job) => void jobs.set(job.jobId, job),
    inTheMaking: (nowMs) => [...jobs.values()].filter((job) => job.doneAtMs > nowMs).length,
    dump: () => ({
      jobs: [...jobs.values()],
      views: views.dump(),
      played: [...played],
      all: all.map(({ tasks, ...moment }) => ({
        ...moment,
        tasks: [...tasks.values()].map(({ wake: _wake, chosen, ...task }) => ({ ...task, chosen: [...chosen] })),
      })),
    }),
    load(state) {
      for (const job of state.jobs) jobs.set(job.jobId, job)
      views.load(state.views)
      for (const [view, acts] of state.played ?? []) played.set(view, acts)
      for (const { tasks, ...moment } of state.all) {
        const restored = tasks.map(({ chosen, ...task }): [number, MomentTask] => [
          task.staff,
          { ...task, chosen: Uint32Array.from(chosen), wake: undefined },
        ])
        enter({ ...moment, tasks: new Map(restored) })
      }
    },
  }
}
