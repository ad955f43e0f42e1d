/** Remembers a million keys in some tens of megabytes: by 53 bits of a hash, so that two in a billion may be mistaken. */
export function createSeen(): { isSeen(key: string): boolean } {
  const seen = new Set<number>()
  return {
    isSeen(key) {
      const before = seen.size
      seen.add(hashOf(key))
      return seen.size === before
    },
  }
}

function hashOf(key: string): number {
  let high = 0x811c9dc5
  let low = 0x1b873593
  for (let at = 0; at < key.length; at += 1) {
    const code = key.charCodeAt(at)
    high = Math.imul(high ^ code, 0x01000193)
    low = Math.imul(low ^ code, 0x85ebca6b)
    low ^= low >>> 13
  }
  return (high >>> 0) * 0x200000 + (low >>> 11)
}
