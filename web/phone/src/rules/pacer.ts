/** Does a work when asked, at most once in `restMs`; asked meanwhile, it does it once more afterwards. */
export interface Pacer {
  ask(): void
  stop(): void
}

export function createPacer(work: () => Promise<unknown>, restMs: number): Pacer {
  let resting = false
  let askedAgain = false
  let stopped = false
  let timer: ReturnType<typeof setTimeout> | undefined

  function rested(): void {
    resting = false
    if (!askedAgain) return
    askedAgain = false
    ask()
  }

  function ask(): void {
    if (stopped) return
    if (resting) {
      askedAgain = true
      return
    }
    resting = true
    const rest = () => {
      if (!stopped) timer = setTimeout(rested, restMs)
    }
    work().then(rest, rest)
  }

  return {
    ask,
    stop() {
      stopped = true
      clearTimeout(timer)
    },
  }
}
