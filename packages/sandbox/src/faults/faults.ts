import type { Fault, FaultKind, NewFault } from '../admin/schema.control.ts'
import { type Dice, dice } from '../random.ts'

/** A call or callback that faults may hit. */
export interface Target {
  path?: string
  appKey?: string | undefined
  event?: string
  userid?: string | undefined
}

export interface Faults {
  list(): readonly Fault[]
  add(fault: NewFault): Fault
  remove(id: string): boolean
  clear(): void
  /** The first fault of one of these kinds that hits this call; counts it. */
  hit(target: Target, kinds: readonly FaultKind[]): Fault | undefined
}

export const CALLBACK_FAULTS = [
  'callback_late',
  'callback_double',
  'callback_reorder',
  'callback_lost',
  'callback_repeat',
] as const

export function createFaults(seed: number, told: (fault: Fault) => void): Faults {
  const faults = new Map<string, { fault: Fault; luck: Dice }>()
  let made = 0
  return {
    list: () => [...faults.values()].map(({ fault }) => fault),
    add(given) {
      const fault: Fault = { ...given, id: `f${++made}`, seen: 0, hits: 0 }
      faults.set(fault.id, { fault, luck: dice(seed + made) })
      told(fault)
      return fault
    },
    remove: (id) => faults.delete(id),
    clear: () => faults.clear(),
    hit(target, kinds) {
      for (const { fault, luck } of faults.values()) {
        if (!kinds.includes(fault.kind) || !fits(fault.match, target)) continue
        fault.seen++
        if (strikes(fault, luck)) {
          fault.hits++
          told(fault)
          return fault
        }
      }
      return undefined
    },
  }
}

function fits(match: NewFault['match'], target: Target): boolean {
  const { path, appKey, event, userid } = match
  if (path !== undefined && !target.path?.endsWith(path)) return false
  if (appKey !== undefined && appKey !== target.appKey) return false
  if (userid !== undefined && userid !== target.userid) return false
  return event === undefined || event === target.event || target.event?.startsWith(`${event}/`) === true
}

function strikes(fault: Fault, luck: Dice): boolean {
  if (fault.times !== undefined && fault.hits >= fault.times) return false
  if (fault.nth !== undefined && fault.seen !== fault.nth) return false
  return fault.share === undefined || luck.next() < fault.share
}
