/**
 * The nearest-rank percentile: the smallest value that at least `share` (0 to 1) of all values do not exceed.
 * The values must be sorted upwards; without values the answer is null.
 */
export function percentile(sorted: ArrayLike<number>, share: number): number | null {
  if (sorted.length === 0) return null
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? null
}

export type Summary = {
  count: number
  p50: number | null
  p95: number | null
  p99: number | null
  p999: number | null
  max: number | null
}

/** Latencies in milliseconds, rounded to a tenth. */
export function summary(values: Iterable<number>): Summary {
  const sorted = Float64Array.from(values).sort()
  const at = (share: number) => {
    const value = percentile(sorted, share)
    return value === null ? null : Math.round(value * 10) / 10
  }
  return { count: sorted.length, p50: at(0.5), p95: at(0.95), p99: at(0.99), p999: at(0.999), max: at(1) }
}
