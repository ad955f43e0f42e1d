/** Machine time that passes only by sleeping. */
export interface FakeTime {
  readonly now: () => number
  readonly sleep: (ms: number) => Promise<void>
  readonly slept: number[]
  advance(ms: number): void
}

export function fakeTime(start = 1_700_000_000_000): FakeTime {
  let at = start
  const slept: number[] = []
  return {
    now: () => at,
    sleep: async (ms) => {
      slept.push(ms)
      at += ms
    },
    slept,
    advance: (ms) => {
      at += ms
    },
  }
}
