import { describe, expect, it } from 'vitest'
import type { Callback } from './callback.ts'
import { createDispatcher, type DispatcherPorts } from './dispatcher.ts'

function callback(id: number, deadlineMs = Number.POSITIVE_INFINITY): Callback {
  return {
    id,
    key: Buffer.of(id),
    corpId: 1,
    appId: 'a',
    kind: 'unknown',
    subject: undefined,
    staffUserid: undefined,
    createdAt: new Date(0),
    receivedAt: new Date(0),
    receivedMs: 0,
    lane: Number.isFinite(deadlineMs) ? 'welcome' : 'normal',
    deadlineMs,
    event: { kind: 'unknown' } as unknown as Callback['event'],
    xml: '<xml/>',
  }
}

function dispatcherWith(ports: Partial<DispatcherPorts>) {
  return createDispatcher({
    handle: async () => undefined,
    onFailed: async () => undefined,
    onLeft: () => undefined,
    onBatchesSettled: () => undefined,
    databaseAnswers: async () => true,
    wait: async () => undefined,
    welcomeWorkers: 1,
    normalWorkers: 1,
    chunk: 10,
    ...ports,
  })
}

describe('the dispatcher', () => {
  it('handles welcomes by earliest deadline, whatever order they came in', async () => {
    const seen: number[] = []
    let release: () => void = () => undefined
    const first = new Promise<void>((resolve) => {
      release = resolve
    })
    const dispatcher = dispatcherWith({
      chunk: 1,
      handle: async ([one]) => {
        seen.push(one?.id ?? 0)
        if (seen.length === 1) await first
      },
    })
    dispatcher.push(1, [callback(9, 500), callback(1, 100), callback(2, 50), callback(3, 300)])
    release()
    await dispatcher.drain()
    expect(seen.slice(1)).toEqual([1, 3, 9].filter((id) => id !== seen[0]).slice(0, 3))
    expect(seen).toHaveLength(4)
  })

  it('does not let one poisoned callback take its neighbours with it', async () => {
    const handled: number[] = []
    const failed: number[] = []
    const settled: number[] = []
    const dispatcher = dispatcherWith({
      handle: async (list) => {
        if (list.some((c) => c.id === 2)) throw new Error('poison')
        handled.push(...list.map((c) => c.id))
      },
      onFailed: async (c) => {
        failed.push(c.id)
      },
      onBatchesSettled: (ids) => settled.push(...ids),
    })
    dispatcher.push(7, [callback(1), callback(2), callback(3)])
    await dispatcher.drain()
    expect(handled.sort()).toEqual([1, 3])
    expect(failed).toEqual([2])
    expect(settled).toEqual([7])
  })

  it('settles a batch only when the last of its callbacks is settled', async () => {
    const settled: number[] = []
    const dispatcher = dispatcherWith({ chunk: 2, onBatchesSettled: (ids) => settled.push(...ids) })
    dispatcher.push(1, [callback(1), callback(2, 10), callback(3)])
    dispatcher.push(2, [callback(4)])
    await dispatcher.drain()
    expect(settled.sort()).toEqual([1, 2])
  })

  it('waits for the database instead of failing callbacks while it is away', async () => {
    let away = 3
    const failed: number[] = []
    const dispatcher = dispatcherWith({
      handle: async () => {
        if (away > 0) throw new Error('connection refused')
      },
      databaseAnswers: async () => {
        away -= 1
        return false
      },
      onFailed: async (c) => {
        failed.push(c.id)
      },
    })
    dispatcher.push(1, [callback(1)])
    await dispatcher.drain()
    expect(failed).toEqual([])
  })

  it('notes a failure when the database is back, however long that takes', async () => {
    let away = 3
    const failed: number[] = []
    const settled: number[] = []
    const dispatcher = dispatcherWith({
      handle: async () => {
        throw new Error('poison')
      },
      onFailed: async (c) => {
        away -= 1
        if (away > 0) throw new Error('connection refused')
        failed.push(c.id)
      },
      databaseAnswers: async () => failed.length > 0 || away === 3,
      onBatchesSettled: (ids) => settled.push(...ids),
    })
    dispatcher.push(1, [callback(1)])
    await dispatcher.drain()
    expect([failed, settled]).toEqual([[1], [1]])
  })

  it('leaves the batch open when it can do nothing more, and tells', async () => {
    const left: number[] = []
    const settled: number[] = []
    const dispatcher = dispatcherWith({
      handle: async () => {
        throw new Error('poison')
      },
      onFailed: async () => {
        throw new Error('refused')
      },
      onLeft: (list) => left.push(...list.map((c) => c.id)),
      onBatchesSettled: (ids) => settled.push(...ids),
    })
    dispatcher.push(1, [callback(1)])
    await dispatcher.drain()
    expect([left, settled]).toEqual([[1], []])
  })

  it('comes to rest when it is stopped with work still waiting', async () => {
    let release: () => void = () => undefined
    const dispatcher = dispatcherWith({
      chunk: 1,
      handle: () =>
        new Promise((resolve) => {
          release = resolve
        }),
    })
    dispatcher.push(1, [callback(1), callback(2)])
    dispatcher.stop()
    const resting = dispatcher.drain()
    release()
    await resting
    expect(dispatcher.depth).toBe(1)
  })
})
