import type { Platform } from '../platform.ts'
import { type BroadcastState, type Broadcasts, createBroadcasts } from './broadcasts.ts'
import { createDeliveries, type Deliveries } from './deliveries.ts'
import type { Talks } from './last-chat.ts'
import { createMoments, type Moments, type MomentsState } from './moments.ts'
import { awaitPublishing } from './publishing.ts'
import { reactAgain } from './reacting.ts'
import { awaitTask } from './tasks.ts'

/** Mass sends and Moments, and what came of them. */
export interface Reach {
  readonly broadcasts: Broadcasts
  /** What reached customers one by one. */
  readonly toCustomers: Deliveries
  /** What reached groups, by their position in `groups`. */
  readonly toGroups: Deliveries
  /** Chat ids of the groups that were ever sent to. */
  readonly groups: string[]
  readonly talks: Talks
  /** By customer, up to which delivery his mass messages stand in his chats; only of whom somebody looked at. */
  readonly arrived: Map<number, number>
  readonly moments: Moments
}

export interface ReachState {
  readonly broadcasts: readonly BroadcastState[]
  readonly toCustomers: ReturnType<Deliveries['dump']>
  readonly toGroups: ReturnType<Deliveries['dump']>
  readonly groups: readonly string[]
  readonly talks: readonly (readonly [number, number])[]
  readonly arrived: readonly (readonly [number, number])[]
  readonly moments: MomentsState
}

export function createReach(): Reach {
  return {
    broadcasts: createBroadcasts(),
    toCustomers: createDeliveries(),
    toGroups: createDeliveries(),
    groups: [],
    talks: new Map(),
    arrived: new Map(),
    moments: createMoments(),
  }
}

export function dumpReach(reach: Reach): ReachState {
  return {
    broadcasts: reach.broadcasts.dump(),
    toCustomers: reach.toCustomers.dump(),
    toGroups: reach.toGroups.dump(),
    groups: [...reach.groups],
    talks: [...reach.talks],
    arrived: [...reach.arrived],
    moments: reach.moments.dump(),
  }
}

/** Puts everything back; members go on confirming, and people reacting, at the times they would have. */
export function loadReach(platform: Platform, state: ReachState): void {
  const { reach } = platform
  reach.groups.push(...state.groups)
  for (const [row, atS] of state.talks) reach.talks.set(row, atS)
  for (const [customer, number] of state.arrived) reach.arrived.set(customer, number)
  reach.broadcasts.load(state.broadcasts)
  reach.toCustomers.load(state.toCustomers)
  reach.toGroups.load(state.toGroups)
  for (const broadcast of reach.broadcasts.all) {
    for (const task of broadcast.tasks.values()) awaitTask(platform, broadcast, task)
  }
  reach.moments.load(state.moments)
  for (const moment of reach.moments.all) {
    for (const task of moment.tasks.values()) awaitPublishing(platform, moment, task)
  }
  reactAgain(platform)
}
