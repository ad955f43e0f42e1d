/**
 * How busy this process's inbox is. Work that can come a little later (counters, details, search rows) lets a burst of
 * callbacks and welcomes go first, but never stands still: it waits at most `longestMs` before each step.
 */
export interface Pressure {
  /** Who knows how much waits says how to read it. */
  watch(depth: () => number): void
  /** So many callbacks came just now. */
  note(callbacks: number): void
  calm(): Promise<void>
}

const calmDepth = 200
/** Callbacks a second; a brand's ordinary busy hour has 30. */
const calmRate = 300
const longestMs = 1_500
const stepMs = 25

export interface PressureOptions {
  readonly pause?: (ms: number) => Promise<void>
  /** Machine time, ms. */
  readonly now?: () => number
}

export function createPressure({
  pause = defaultPause,
  now = () => performance.now(),
}: PressureOptions = {}): Pressure {
  let depth = () => 0
  let second = 0
  let count = 0
  let before = 0
  const turn = (): void => {
    const at = Math.floor(now() / 1_000)
    if (at === second) return
    before = at === second + 1 ? count : 0
    second = at
    count = 0
  }
  const isBusy = (): boolean => {
    turn()
    return depth() > calmDepth || Math.max(before, count) > calmRate
  }
  return {
    watch(read) {
      depth = read
    },
    note(callbacks) {
      turn()
      count += callbacks
    },
    async calm() {
      for (let waited = 0; isBusy() && waited < longestMs; waited += stepMs) await pause(stepMs)
    },
  }
}

const defaultPause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))
