import { BudgetExhaustedError, defaultLimitProfile, limitProfile, type Priority } from '@nuanyu/wecom'
import fc from 'fast-check'
import { pino } from 'pino'
import { describe, expect, test } from 'vitest'
import { createSharedBudget } from './budget.ts'
import { mostInWindow, type Simulation, simulate } from './testing-simulation.ts'

const welcome = '/cgi-bin/externalcontact/send_welcome_msg'
const log = pino({ level: 'silent' })
const minute = 60_000
const limits = defaultLimitProfile
/** A small limit makes the same rules visible in fewer calls. */
const small = limitProfile({
  'api.corp_per_minute': 1_000,
  'api.corp_per_hour': 15_000,
  'api.ip_per_minute': 2_000,
  'api.ip_per_hour': 60_000,
})

interface Sent {
  readonly at: number
  readonly since: number
  readonly process: number
  readonly priority: Priority
}

/** Some processes that call the same API of the same corp; `call` asks for one slot and notes what came of it. */
function processes(
  simulation: Simulation,
  count: number,
  options: { skews?: readonly number[]; profile?: typeof limits } = {},
) {
  simulation.source.processes = count
  const sent: Sent[] = []
  const refused: { at: number; since: number; availableAt: number }[] = []
  const shared = Array.from({ length: count }, (_, index) =>
    createSharedBudget({ source: simulation.source, log, clock: simulation.clock(options.skews?.[index] ?? 0) }),
  )
  const budgets = shared.map((one) => one.of(1, options.profile ?? limits))
  const call = (
    process: number,
    ask: { priority?: Priority; within?: number; runsMs?: number; path?: string } = {},
  ) => {
    const since = simulation.now()
    const wall = since + (options.skews?.[process] ?? 0)
    const priority = ask.priority ?? 'urgent'
    const budget = budgets[process]
    if (budget === undefined) throw new Error(`there is no process ${process}`)
    budget
      .acquire({
        corpId: 'ww',
        path: ask.path ?? welcome,
        priority,
        deadline: ask.within === undefined ? undefined : wall + ask.within,
      })
      .then(
        (release) => {
          sent.push({ at: simulation.now(), since, process, priority })
          simulation.at(simulation.now() + (ask.runsMs ?? 100), release)
        },
        (error: unknown) => {
          if (!(error instanceof BudgetExhaustedError)) throw error
          refused.push({ at: simulation.now(), since, availableAt: error.availableAt })
        },
      )
  }
  /** Evenly spread calls over a stretch of time. */
  const flood = (perMinute: number, from: number, until: number, ask: Parameters<typeof call>[1] = {}) => {
    let turn = 0
    const next = (at: number) => {
      if (at >= until) return
      simulation.at(at, () => {
        call(turn++ % count, ask)
        next(at + minute / perMinute)
      })
    }
    next(from)
  }
  const stop = () => {
    for (const one of shared) one.stop()
  }
  return { shared, budgets, call, flood, sent, refused, stop }
}

describe('the minute', () => {
  test('12,000 asked a minute: at least 9,500 sent, never more than 9,700 in any 60 s, none late', async () => {
    const simulation = simulate()
    const start = simulation.now()
    const { flood, sent, refused, stop } = processes(simulation, 2)
    flood(12_000, start, start + 3 * minute, { within: 17_000 })
    await simulation.run(start + 3 * minute + 20_000)
    stop()
    const moments = sent.map(({ at }) => at - start)
    for (const from of [0, minute, 2 * minute]) {
      expect(moments.filter((at) => at >= from && at < from + minute).length).toBeGreaterThanOrEqual(9_500)
    }
    expect(mostInWindow(moments, minute)).toBeLessThanOrEqual(9_700)
    expect(sent.every(({ at, since }) => at <= since + 17_000)).toBe(true)
    expect(sent.length + refused.length).toBe(36_000)
  }, 60_000)

  test('never over in any window, whatever comes when in how many processes with clocks that differ', async () => {
    const bursts = fc.array(
      fc.record({
        at: fc.integer({ min: 0, max: 90_000 }),
        calls: fc.integer({ min: 1, max: 700 }),
        process: fc.nat(3),
      }),
      { minLength: 1, maxLength: 12 },
    )
    await fc.assert(
      fc.asyncProperty(
        bursts,
        fc.integer({ min: 1, max: 4 }),
        fc.array(fc.integer({ min: -5_000, max: 5_000 }), { minLength: 4, maxLength: 4 }),
        fc.integer({ min: 0, max: 200 }),
        async (all, count, skews, delay) => {
          const simulation = simulate({ delayMs: () => delay })
          const start = simulation.now()
          const { call, sent, stop } = processes(simulation, count, { skews, profile: small })
          for (const burst of all) {
            simulation.at(start + burst.at, () => {
              for (let index = 0; index < burst.calls; index += 1) call(burst.process % count, { runsMs: 0 })
            })
          }
          await simulation.run(start + 5 * minute)
          stop()
          expect(
            mostInWindow(
              sent.map(({ at }) => at),
              minute,
            ),
          ).toBeLessThanOrEqual(970)
        },
      ),
      { numRuns: 25 },
    )
  }, 60_000)

  test('a process that dies with slots wastes only those', async () => {
    const simulation = simulate()
    const start = simulation.now()
    const { flood, shared, sent, stop } = processes(simulation, 2, { profile: small })
    flood(2_000, start, start + 2 * minute, { within: 5_000 })
    simulation.at(start + minute, () => shared[0]?.stop())
    await simulation.run(start + 2 * minute)
    stop()
    const second = sent.filter(({ at }) => at >= start + minute)
    expect(second.length).toBeGreaterThanOrEqual(970 * 0.98)
    expect(
      mostInWindow(
        sent.map(({ at }) => at),
        minute,
      ),
    ).toBeLessThanOrEqual(970)
  })

  test('each process gets its share of a limit that all want', async () => {
    const simulation = simulate()
    const start = simulation.now()
    const { flood, sent, stop } = processes(simulation, 4)
    flood(20_000, start, start + minute, { within: 10_000 })
    await simulation.run(start + minute)
    stop()
    for (const process of [0, 1, 2, 3]) {
      expect(sent.filter((one) => one.process === process).length).toBeGreaterThan((9_500 / 4) * 0.8)
    }
  })

  test('in quiet times a call waits for one answer of the database only', async () => {
    const simulation = simulate({ delayMs: () => 4 })
    const start = simulation.now()
    const { flood, sent, stop } = processes(simulation, 2)
    flood(600, start, start + 20_000)
    await simulation.run(start + 20_000)
    stop()
    expect(sent).toHaveLength(200)
    expect(Math.max(...sent.map(({ at, since }) => at - since))).toBeLessThanOrEqual(5)
  })

  test('at 8,000 a minute nobody waits longer than a moment', async () => {
    const simulation = simulate({ delayMs: () => 4 })
    const start = simulation.now()
    const { flood, sent, stop } = processes(simulation, 1)
    flood(8_000, start, start + minute)
    await simulation.run(start + minute)
    stop()
    const waits = sent.map(({ at, since }) => at - since).sort((a, b) => a - b)
    expect(sent.length).toBeGreaterThan(7_990)
    expect(waits[Math.floor(waits.length * 0.999)]).toBeLessThanOrEqual(10)
  })
})

describe('the hour', () => {
  test('never more than the hour allows in any 60 minutes, and more as soon as the oldest are an hour old', async () => {
    const simulation = simulate({ start: 10 * 3_600_000 })
    const start = simulation.now()
    const profile = limitProfile({ 'api.corp_per_minute': 200, 'api.corp_per_hour': 3_000 })
    const { flood, sent, refused, stop } = processes(simulation, 2, { profile })
    flood(240, start, start + 90 * minute, { within: 15_000 })
    await simulation.run(start + 91 * minute)
    stop()
    const moments = sent.map(({ at }) => at)
    expect(mostInWindow(moments, 60 * minute)).toBeLessThanOrEqual(2_910)
    expect(mostInWindow(moments, 60 * minute)).toBeGreaterThanOrEqual(2_910 * 0.98)
    const exhausted = refused.find(({ at }) => at > start + 30 * minute)
    expect(exhausted?.availableAt).toBeGreaterThan(start + 58 * minute)
    expect(moments.filter((at) => at > start + 63 * minute).length).toBeGreaterThan(1_000)
  }, 60_000)

  test('a sync cannot use up the last part of an hour that people and welcomes need', async () => {
    const simulation = simulate({ start: 10 * 3_600_000 })
    const start = simulation.now()
    const path = '/cgi-bin/externalcontact/get'
    const profile = limitProfile({ 'api.corp_per_minute': 1_000, 'api.corp_per_hour': 2_000 })
    const { flood, sent, stop } = processes(simulation, 1, { profile })
    flood(900, start, start + 10 * minute, { priority: 'bulk', path, within: 1_000 })
    flood(30, start + 5 * minute, start + 10 * minute, { priority: 'interactive', path, within: 1_000 })
    await simulation.run(start + 11 * minute)
    stop()
    expect(sent.filter(({ priority }) => priority === 'interactive')).toHaveLength(150)
    expect(sent.filter(({ priority }) => priority === 'bulk').length).toBeLessThanOrEqual(1_700 * 0.85 + 30)
  })
})

describe('who goes first', () => {
  test('by priority, then by deadline', async () => {
    const simulation = simulate()
    const { call, sent, stop } = processes(simulation, 1, {
      profile: limitProfile({ 'api.corp_per_minute': 60 }),
    })
    const asks: [Priority, number][] = [
      ['bulk', 30_000],
      ['normal', 30_000],
      ['urgent', 30_000],
      ['interactive', 30_000],
      ['urgent', 20_000],
    ]
    for (const [priority, within] of asks) call(0, { priority, within })
    const from = simulation.now()
    await simulation.run(from + 30_000)
    stop()
    expect(sent.map(({ priority }) => priority)).toEqual(['urgent', 'urgent', 'interactive', 'normal', 'bulk'])
  })

  test('a flood of urgent calls does not shut out the rest', async () => {
    const simulation = simulate()
    const start = simulation.now()
    const { flood, sent, stop } = processes(simulation, 1)
    flood(12_000, start, start + minute, { within: 10_000 })
    flood(240, start, start + minute, { priority: 'bulk' })
    await simulation.run(start + minute)
    stop()
    expect(sent.filter(({ priority }) => priority === 'bulk').length).toBeGreaterThan(180)
  })

  test('who cannot be served in time is told at once when a call may go out', async () => {
    const simulation = simulate()
    const start = simulation.now()
    const { call, refused, sent, stop } = processes(simulation, 1)
    for (let index = 0; index < 3_000; index += 1) call(0, { within: 20_000 })
    await simulation.run(start + 1_500)
    call(0, { priority: 'normal', within: 500 })
    await simulation.run(start + 1_510)
    expect(refused).toHaveLength(1)
    expect(refused[0]?.at).toBe(start + 1_500)
    expect(refused[0]?.availableAt).toBeGreaterThan(start + 15_000)
    await simulation.run(start + 25_000)
    stop()
    expect(sent).toHaveLength(3_000)
  })
})

describe('answers of the platform', () => {
  test('a 45009 stops the API in all processes for its window, and calls with less time are refused at once', async () => {
    const simulation = simulate()
    const start = simulation.now()
    const { flood, budgets, sent, refused, stop } = processes(simulation, 2, { profile: small })
    flood(600, start, start + 2 * minute, { within: 10_000 })
    simulation.at(start + 10_000, () => budgets[0]?.limited({ corpId: 'ww', path: welcome }, 'minute'))
    await simulation.run(start + 2 * minute)
    stop()
    const during = sent.filter(({ at }) => at > start + 10_010 && at < start + 70_000)
    expect(during).toEqual([])
    const early = refused.filter(({ since }) => since > start + 10_500 && since < start + 59_000)
    expect(early.length).toBeGreaterThan(400)
    expect(early.every(({ at, since }) => at - since <= 300)).toBe(true)
    expect(sent.filter(({ at }) => at > start + 71_000).length).toBeGreaterThan(400)
  })

  test('a 45033 halves how many run at the same time', async () => {
    const simulation = simulate()
    const start = simulation.now()
    const path = '/cgi-bin/externalcontact/batch/get_by_user'
    const { call, budgets, sent, stop } = processes(simulation, 1)
    for (let index = 0; index < 100; index += 1) call(0, { path, runsMs: 5_000 })
    await simulation.run(start + 1_000)
    const before = sent.length
    budgets[0]?.limited({ corpId: 'ww', path }, 'concurrent')
    await simulation.run(start + 6_000)
    stop()
    expect(before).toBeLessThanOrEqual(10)
    expect(sent.length - before).toBe(Math.floor(before / 2))
  })
})

describe('several corps behind one address', () => {
  test('together they stay within the address’s limit', async () => {
    const simulation = simulate()
    simulation.source.corps = 4
    const start = simulation.now()
    const shared = createSharedBudget({ source: simulation.source, log, clock: simulation.clock() })
    const moments: number[] = []
    await simulation.run(start + 10)
    for (const corpId of [1, 2, 3, 4]) {
      const budget = shared.of(corpId, small)
      for (let at = start + 10; at < start + minute; at += minute / 900) {
        simulation.at(at, () => {
          budget
            .acquire({ corpId: `ww${corpId}`, path: welcome, priority: 'urgent', deadline: simulation.now() + 3_000 })
            .then(
              (release) => {
                moments.push(simulation.now())
                release()
              },
              () => undefined,
            )
        })
      }
    }
    await simulation.run(start + minute + 5_000)
    shared.stop()
    expect(mostInWindow(moments, minute)).toBeLessThanOrEqual(1_940)
    expect(moments.length).toBeGreaterThan(1_850)
  }, 60_000)
})

describe('the database away', () => {
  test('welcomes keep flowing at the processes’ share of the rate, within the platform’s limit', async () => {
    const simulation = simulate()
    const start = simulation.now()
    const { flood, sent, stop } = processes(simulation, 2, { profile: small })
    flood(1_200, start, start + 3 * minute, { within: 17_000 })
    simulation.at(start + minute, () => {
      simulation.source.away = true
    })
    simulation.at(start + minute + 30_000, () => {
      simulation.source.away = false
    })
    await simulation.run(start + 3 * minute)
    stop()
    const away = sent.filter(({ at }) => at > start + minute + 1_000 && at < start + minute + 30_000)
    expect(away.length).toBeGreaterThan(29 * 16 * 0.85)
    expect(
      mostInWindow(
        sent.map(({ at }) => at),
        minute,
      ),
    ).toBeLessThanOrEqual(990)
    expect(sent.filter(({ at }) => at >= start + 2 * minute).length).toBeGreaterThanOrEqual(945)
  })
})
