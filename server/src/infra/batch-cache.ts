/** Values that are read for many keys at once and kept for a short while. Unknown keys are remembered as unknown too. */
export interface BatchCache<V> {
  /** The value of each key; a key that has none is missing from the map. One load for whatever is not at hand. */
  many(keys: Iterable<string>): Promise<ReadonlyMap<string, V>>
  clear(): void
}

export interface BatchCacheOptions<V> {
  readonly load: (keys: readonly string[]) => Promise<ReadonlyMap<string, V>>
  readonly ttlMs: number
  readonly max: number
  readonly machineNow?: () => number
}

export function createBatchCache<V>(options: BatchCacheOptions<V>): BatchCache<V> {
  const now = options.machineNow ?? (() => performance.now())
  let kept = new Map<string, { readonly value: V | undefined; readonly until: number }>()
  return {
    async many(keys) {
      const wanted = new Set(keys)
      const at = now()
      const missing = [...wanted].filter((key) => (kept.get(key)?.until ?? Number.NEGATIVE_INFINITY) <= at)
      if (missing.length > 0) {
        const loaded = await options.load(missing)
        if (kept.size + missing.length > options.max) kept = new Map()
        for (const key of missing) kept.set(key, { value: loaded.get(key), until: at + options.ttlMs })
      }
      const answer = new Map<string, V>()
      for (const key of wanted) {
        const value = kept.get(key)?.value
        if (value !== undefined) answer.set(key, value)
      }
      return answer
    },
    clear() {
      kept = new Map()
    },
  }
}
