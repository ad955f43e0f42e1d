/** So many connections of the database work for one plan at the same time. */
const lanes = 2

/** Does every piece once, several at a time; after a failure none is begun any more, and all that were have ended. */
export async function inLanes<T>(
  pieces: readonly T[],
  work: (piece: T) => Promise<void>,
  done: () => Promise<void>,
): Promise<void> {
  const waiting = [...pieces]
  let failed = false
  const lane = async () => {
    for (let next = waiting.shift(); next !== undefined && !failed; next = waiting.shift()) {
      await work(next)
      await done()
    }
  }
  const guarded = () =>
    lane().catch((error: unknown) => {
      failed = true
      throw error
    })
  const ends = await Promise.allSettled(Array.from({ length: lanes }, guarded))
  const broken = ends.find((end) => end.status === 'rejected')
  if (broken !== undefined) throw broken.reason
}
