/**
 * How much waits at this process's inbox. Work that can come a little later (counters, details, search rows) lets a burst
 * of callbacks and welcomes go first, but never stands still: it waits at most `longestMs` before each step.
 */
export interface Pressure {
  /** Who knows the depth says how to read it. */
  watch(depth: () => number): void
  calm(): Promise<void>
}

const calmDepth = 200
const longestMs = 1_500
const stepMs = 25

export function createPressure(pause: (ms: number) => Promise<void> = defaultPause): Pressure {
  let depth = () => 0
  return {
    watch(read) {
      depth = read
    },
    async calm() {
      for (let waited = 0; depth() > calmDepth && waited < longestMs; waited += stepMs) await pause(stepMs)
    },
  }
}

const defaultPause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))
