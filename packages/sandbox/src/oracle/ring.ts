/** The last `size` things of a stream that is counted in full. */
export interface Ring<T> {
  readonly total: number
  push(make: (seq: number) => T): T
  /** Kept things with a number above `after`, oldest first. */
  since(after: number): T[]
  /** Newest first. */
  newest(): Iterable<T>
  clear(): void
}

export function ring<T extends { seq: number }>(size: number): Ring<T> {
  let kept: T[] = []
  let total = 0
  const at = (seq: number) => kept[(seq - 1) % size]
  return {
    get total() {
      return total
    },
    push(make) {
      const thing = make(++total)
      kept[(total - 1) % size] = thing
      return thing
    },
    since(after) {
      const found: T[] = []
      for (let seq = Math.max(after + 1, total - size + 1, 1); seq <= total; seq++) {
        const thing = at(seq)
        if (thing !== undefined) found.push(thing)
      }
      return found
    },
    *newest() {
      for (let seq = total; seq > Math.max(0, total - size); seq--) {
        const thing = at(seq)
        if (thing !== undefined) yield thing
      }
    },
    clear() {
      kept = []
      total = 0
    },
  }
}
