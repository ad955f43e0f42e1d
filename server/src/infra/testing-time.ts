/**
 * When it is in a test that does not say so: a Wednesday, ten o'clock at the brand's. Members are at work, nothing is quiet
 * and no day, week or month is about to end, whenever the test runs.
 */
export const testDay = '2026-11-11T10:00:00+08:00'

const tickMs = 5

/**
 * A watch for promises of time: tells the milliseconds since it was started, less those for which this process was ready
 * to run and got no processor. So a crowded machine makes nothing late that is not late by itself.
 */
export function startWatch(): () => number {
  const began = performance.now()
  let last = began
  let used = process.cpuUsage()
  let starved = 0
  const look = (dueMs: number) => {
    const now = performance.now()
    const { user, system } = process.cpuUsage(used)
    starved += Math.max(0, now - last - dueMs - (user + system) / 1_000)
    used = process.cpuUsage()
    last = now
  }
  const timer = setInterval(() => look(tickMs), tickMs)
  timer.unref()
  return () => {
    clearInterval(timer)
    look(tickMs)
    return last - began - starved
  }
}
