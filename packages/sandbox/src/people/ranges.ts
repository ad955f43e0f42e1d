import type { Platform } from '../platform.ts'

/** Remembers the visible ranges; the returned function tells each own app who entered or left its range since [90240]. */
export function enteredAndLeft(platform: Platform): () => void {
  const { apps, visibility, world, callbacks } = platform
  const own = [...apps.values()].filter((app) => app.kind === 'own')
  const before = new Map(own.map((app) => [app.appKey, visibility.members(app.appKey)]))
  return () => {
    for (const app of own) {
      const then = before.get(app.appKey) ?? []
      const now = visibility.members(app.appKey)
      // Unchanged ranges are the same list, or lists of the same people: nothing to compare one by one.
      if (then === now || (then.length === now.length && then.every((index, i) => index === now[i]))) continue
      const was = new Set(then)
      const is = new Set(now)
      const tell = (kind: 'app.subscribed' | 'app.unsubscribed', index: number) => {
        const member = world.staff.at(index)
        if (member === undefined) return
        callbacks.announce({
          family: 'app',
          event: { kind, userId: member.userid, agentId: app.agentId },
          onlyApp: app.appKey,
        })
      }
      for (const index of now) if (!was.has(index)) tell('app.subscribed', index)
      for (const index of then) if (!is.has(index)) tell('app.unsubscribed', index)
    }
  }
}
