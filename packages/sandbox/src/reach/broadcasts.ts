import type { Attachment } from '@nuanyu/wecom'
import type { Appeal } from '../admin/schema.reach.ts'
import type { Asked } from './asking.ts'

/** What one member is to send, and how far it is. */
export interface Task extends Asked {
  /** Customers' numbers, or positions in the mass send's list of groups. */
  readonly targets: Uint32Array
  /** By target, as the platform tells it [93338]. */
  readonly status: Uint8Array
  sentAtMs: number | undefined
}

export const NOT_SENT = 0
export const SENT = 1
export const NO_FRIEND = 2
export const OVER_CAP = 3

/** One mass send: the corp's, by an app over the interface, or a member's own. */
export interface Broadcast {
  readonly number: number
  readonly msgid: string
  /** Undefined for a member's own. */
  readonly appKey: string | undefined
  /** Who made it in the client. */
  readonly creator: string | undefined
  readonly chatType: 'single' | 'group'
  /** Groups that targets are positions in. */
  readonly chatIds: readonly string[]
  readonly text: string
  readonly attachments: readonly Attachment[]
  readonly allowSelect: boolean
  /** How people take it, as it was set when it was made: what happens and what the oracle says stay one. */
  readonly appeal: Appeal | undefined
  readonly madeAtMs: number
  /** Until then the platform is still handing it out (41063). */
  readonly dispatchedAtMs: number
  /** Until then no list tells of it; left out: it was listed when it was made. */
  readonly listedAtMs?: number
  readonly tasks: ReadonlyMap<number, Task>
  /** When members were reminded. */
  readonly reminders: number[]
  cancelled: boolean
}

export type NewBroadcast = Omit<Broadcast, 'number' | 'reminders' | 'cancelled'>

export interface BroadcastState extends Omit<Broadcast, 'tasks'> {
  readonly tasks: readonly {
    readonly staff: number
    readonly targets: readonly number[]
    readonly status: readonly number[]
    readonly sentAtMs: number | undefined
    readonly dueMs: number | undefined
  }[]
}

/** All mass sends in the order in which they were made. */
export interface Broadcasts {
  readonly all: readonly Broadcast[]
  get(msgid: string): Broadcast | undefined
  add(broadcast: NewBroadcast): Broadcast
  dump(): readonly BroadcastState[]
  load(state: readonly BroadcastState[]): void
}

export function newTask(staff: number, targets: readonly number[]): Task {
  return {
    staff,
    targets: Uint32Array.from(targets),
    status: new Uint8Array(targets.length),
    sentAtMs: undefined,
    dueMs: undefined,
    wake: undefined,
  }
}

export function createBroadcasts(): Broadcasts {
  const all: Broadcast[] = []
  const byId = new Map<string, Broadcast>()
  const enter = (broadcast: Broadcast) => {
    all.push(broadcast)
    byId.set(broadcast.msgid, broadcast)
    return broadcast
  }
  return {
    all,
    get: (msgid) => byId.get(msgid),
    add: (broadcast) => enter({ ...broadcast, number: all.length, reminders: [], cancelled: false }),
    dump: () =>
      all.map(({ tasks, ...broadcast }) => ({
        ...broadcast,
        tasks: [...tasks.values()].map(({ wake: _wake, targets, status, ...task }) => ({
          ...task,
          targets: [...targets],
          status: [...status],
        })),
      })),
    load(state) {
      for (const { tasks, ...broadcast } of state) {
        const restored = tasks.map(({ staff, targets, status, sentAtMs, dueMs }): [number, Task] => [
          staff,
          { ...newTask(staff, targets), status: Uint8Array.from(status), sentAtMs, dueMs },
        ])
        enter({ ...broadcast, tasks: new Map(restored) })
      }
    },
  }
}
