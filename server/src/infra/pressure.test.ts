import { describe, expect, it } from 'vitest'
import { createPressure } from './pressure.ts'

describe('pressure', () => {
  it('lets work that can wait go at once when little is waiting', async () => {
    let paused = 0
    const pressure = createPressure({
      pause: async () => {
        paused += 1
      },
    })
    pressure.watch(() => 200)
    await pressure.calm()
    expect(paused).toBe(0)
  })

  it('waits until a burst is over', async () => {
    let depth = 1_000
    const pressure = createPressure({
      pause: async () => {
        depth -= 100
      },
    })
    pressure.watch(() => depth)
    await pressure.calm()
    expect(depth).toBe(200)
  })

  it('never stands still: under a lasting burst it goes on after a while', async () => {
    let waited = 0
    const pressure = createPressure({
      pause: async (ms) => {
        waited += ms
      },
    })
    pressure.watch(() => 5_000)
    await pressure.calm()
    expect(waited).toBe(1_500)
  })

  it('counts a second of many callbacks as busy, and the second after it as calm again', async () => {
    let ms = 10_000
    let paused = 0
    const pressure = createPressure({
      now: () => ms,
      pause: async (step) => {
        paused += step
        ms += step
      },
    })
    pressure.note(2_000)
    await pressure.calm()
    expect(paused).toBe(1_500)
    ms += 2_000
    await pressure.calm()
    expect(paused).toBe(1_500)
  })
})
