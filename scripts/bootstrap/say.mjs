/** Something that a person must mend before we can go on: one sentence in English, one in Chinese. */
export class StopError extends Error {
  constructor(english, chinese, { details = '', exitCode = 1 } = {}) {
    super(english)
    this.chinese = chinese
    this.details = details
    this.exitCode = exitCode
  }
}

const began = () => {
  const start = performance.now()
  return () => `${Math.round((performance.now() - start) / 1000)} s`
}

export const say = {
  error({ message, chinese, details }) {
    if (details) console.error(details)
    console.error(message)
    console.error(chinese)
  },

  /** One line that shows that something long goes on, with the seconds where there is a terminal. On stderr: a task's output stays its own. */
  async while(text, work) {
    const seconds = began()
    const live = process.stderr.isTTY
    process.stderr.write(live ? `  ${text} …` : `  ${text} …\n`)
    const timer = live ? setInterval(() => process.stderr.write(`\r  ${text} … ${seconds()}`), 1000) : undefined
    try {
      return await work()
    } finally {
      clearInterval(timer)
      process.stderr.write(live ? `\r  ${text} … ${seconds()}\n` : `  (${seconds()})\n`)
    }
  },
}
