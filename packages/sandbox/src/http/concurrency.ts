import type { Endpoint } from '@nuanyu/wecom'
import { type Fail, fail } from '../fail.ts'
import type { SettingsStore } from '../settings.ts'

/** Calls under way: too many listings of one interface answer 45033, two writes of one record 45035. */
export interface Concurrency {
  /** Takes a place; the caller gives it back. */
  enter(endpoint: Endpoint): Fail | (() => void)
  lock(endpoint: Endpoint, request: unknown): Fail | (() => void)
}

const nothing = () => {}

export function createConcurrency(settings: SettingsStore): Concurrency {
  const running = new Map<string, number>()
  const records = new Set<string>()
  return {
    enter(endpoint) {
      if (!settings.value.limits.concurrency) return nothing
      const { path } = endpoint
      const limit = settings.limits.value(endpoint.listing ? 'api.concurrent_listing' : 'api.concurrent_calls')
      const count = running.get(path) ?? 0
      if (count >= limit) return fail(45033, `too many concurrent calls of ${path}`)
      running.set(path, count + 1)
      return () => running.set(path, (running.get(path) ?? 1) - 1)
    },
    lock(endpoint, request) {
      if (endpoint.serial !== true || !settings.value.limits.concurrency) return nothing
      const key = `${endpoint.path} ${recordOf(request)}`
      if (records.has(key)) return fail(45035, 'the same record is being written')
      records.add(key)
      return () => records.delete(key)
    },
  }
}

const KEYS = ['config_id', 'link_id', 'chat_id', 'template_id', 'id', 'userid', 'external_userid']

function recordOf(request: unknown): string {
  if (typeof request !== 'object' || request === null) return ''
  const fields = new Map(Object.entries(request))
  return KEYS.flatMap((key) => (fields.has(key) ? [String(fields.get(key))] : [])).join(' ')
}
