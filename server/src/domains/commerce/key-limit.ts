import { minuteOf, shareOf } from './api-keys.ts'

interface LimitedKey {
  readonly id: string
  readonly perMinute: number
}

/** Takes so many requests of a key's minute for this process; false: there are not so many left. */
type TakeOfMinute = (key: LimitedKey, minute: Date, count: number) => Promise<boolean>

interface Held {
  readonly minute: number
  left: number
  /** Under way; who finds nothing left waits for it. */
  taking: Promise<boolean> | undefined
}

/**
 * Lets at most so many requests of a key through in a minute, over all processes together: each takes a share at a time,
 * so that not every request asks the database.
 */
export function createKeyLimit(take: TakeOfMinute) {
  const held = new Map<string, Held>()

  function ofMinute(key: LimitedKey, minute: number): Held {
    const known = held.get(key.id)
    if (known?.minute === minute) return known
    const fresh: Held = { minute, left: 0, taking: undefined }
    held.set(key.id, fresh)
    return fresh
  }

  async function takeShare(own: Held, key: LimitedKey): Promise<boolean> {
    const share = shareOf(key.perMinute)
    try {
      const given = await take(key, new Date(own.minute), share)
      if (given) own.left += share
      return given
    } finally {
      own.taking = undefined
    }
  }

  return {
    async admits(key: LimitedKey, now: Date): Promise<boolean> {
      const own = ofMinute(key, minuteOf(now).getTime())
      while (own.left === 0) {
        own.taking ??= takeShare(own, key)
        if (!(await own.taking)) return false
      }
      own.left -= 1
      return true
    },
  }
}
