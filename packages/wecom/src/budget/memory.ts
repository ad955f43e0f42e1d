import { defaultLimitProfile, type LimitProfile } from '../limits.ts'
import { sleep as machineSleep } from '../machine.ts'
import { Lane, Usage } from './lane.ts'
import { allowance } from './policy.ts'
import type { Budget, BudgetForecast } from './types.ts'

export interface MemoryBudgetOptions {
  /** Machine time in ms. */
  readonly now?: (() => number) | undefined
  readonly sleep?: ((ms: number) => Promise<void>) | undefined
}

/**
 * A budget for one process: the platform's limits per corp × API (minute, hour), per source IP × API, and how many
 * calls of a corp × API may run at once. Within an API the higher priority goes first, then the earlier deadline.
 *
 * @param limits the profile, or a function of the corp where corps differ
 */
export function memoryBudget(
  limits: LimitProfile | ((corpId: string) => LimitProfile) = defaultLimitProfile,
  options: MemoryBudgetOptions = {},
): Budget & { forecasts(): BudgetForecast[]; forecast(corpId: string, path: string): BudgetForecast } {
  const profileOf = typeof limits === 'function' ? limits : () => limits
  const now = options.now ?? Date.now
  const sleep = options.sleep ?? machineSleep
  const lanes = new Map<string, Lane>()
  const sources = new Map<string, Usage>()

  const laneOf = (corpId: string, path: string): Lane => {
    const key = `${corpId} ${path}`
    const known = lanes.get(key)
    if (known !== undefined) return known
    const source = sources.get(path) ?? new Usage()
    sources.set(path, source)
    const profile = profileOf(corpId)
    const blockMs = {
      minute: profile.value('api.block_minute_s') * 1000,
      hour: profile.value('api.block_hour_s') * 1000,
    }
    const lane = new Lane(corpId, path, allowance(profile, path), source, { now, sleep, blockMs })
    lanes.set(key, lane)
    return lane
  }

  return {
    acquire: (call) => laneOf(call.corpId, call.path).acquire(call.priority, call.deadline),
    limited: (call, kind) => laneOf(call.corpId, call.path).limited(kind),
    forecast: (corpId, path) => laneOf(corpId, path).forecast(),
    forecasts: () => [...lanes.values()].map((lane) => lane.forecast()),
  }
}
