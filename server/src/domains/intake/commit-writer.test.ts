import { describe, expect, it } from 'vitest'
import type { Callback } from './callback.ts'
import { type CommitWriterPorts, createCommitWriter } from './commit-writer.ts'

function callback(key: string): Callback {
  return {
    id: 0,
    key: Buffer.from(key),
    corpId: 1,
    appId: 'a',
    kind: 'unknown',
    subject: undefined,
    staffUserid: undefined,
    createdAt: new Date(0),
    receivedAt: new Date(0),
    receivedMs: 0,
    lane: 'normal',
    deadlineMs: Number.POSITIVE_INFINITY,
    event: { kind: 'unknown' } as unknown as Callback['event'],
    xml: '<xml/>',
  }
}

function writerWith(ports: Partial<CommitWriterPorts<Callback>>) {
  let next = 0
  return createCommitWriter({
    store: async (list) => list.map(() => ++next),
    spill: async () => undefined,
    onStored: () => undefined,
    onStoreFailed: () => undefined,
    isRefusal: () => false,
    storeLimitMs: 1_000,
    maxBatch: 100,
    lingerMs: 1,
    ...ports,
  })
}

describe('the group commit', () => {
  it('stores what arrives together in one batch, and a repeat within it once', async () => {
    const batches: string[][] = []
    let next = 0
    const writer = writerWith({
      store: async (list) => {
        batches.push(list.map((c) => c.key.toString()))
        return list.map(() => ++next)
      },
    })
    const answers = await Promise.all(['a', 'b', 'a', 'c'].map((key) => writer.accept(callback(key))))
    expect(answers).toEqual(['stored', 'stored', 'repeat', 'stored'])
    expect(batches.flat().sort()).toEqual(['a', 'b', 'c'])
  })

  it('says repeat for a key that the database already has', async () => {
    const writer = writerWith({ store: async (list) => list.map(() => undefined) })
    expect(await writer.accept(callback('a'))).toBe('repeat')
  })

  it('spills and still accepts when the database is away', async () => {
    const spilled: string[] = []
    const writer = writerWith({
      store: async () => {
        throw new Error('connection refused')
      },
      spill: async (list) => {
        spilled.push(...list.map((c) => c.key.toString()))
      },
    })
    expect(await Promise.all([writer.accept(callback('a')), writer.accept(callback('b'))])).toEqual([
      'spilled',
      'spilled',
    ])
    expect(spilled.sort()).toEqual(['a', 'b'])
  })

  it('never says yes when the spill fails too', async () => {
    const writer = writerWith({
      store: async () => {
        throw new Error('connection refused')
      },
      spill: async () => {
        throw new Error('no space left on device')
      },
    })
    await expect(writer.accept(callback('a'))).rejects.toThrow('no space')
  })

  it('goes on after a failure', async () => {
    let fail = true
    const writer = writerWith({
      store: async (list) => {
        if (fail) throw new Error('away')
        return list.map((_, i) => i + 1)
      },
    })
    expect(await writer.accept(callback('a'))).toBe('spilled')
    fail = false
    expect(await writer.accept(callback('b'))).toBe('stored')
  })

  it('spills alone what the database refuses, and stores its neighbours', async () => {
    const spilled: string[] = []
    const writer = writerWith({
      store: async (list) => {
        if (list.some((c) => c.key.toString() === 'poison')) throw new Error('refused')
        return list.map((_, i) => i + 1)
      },
      isRefusal: () => true,
      spill: async (list) => {
        spilled.push(...list.map((c) => c.key.toString()))
      },
    })
    const answers = await Promise.all(['a', 'b', 'poison', 'c', 'd'].map((key) => writer.accept(callback(key))))
    expect(answers).toEqual(['stored', 'stored', 'spilled', 'stored', 'stored'])
    expect(spilled).toEqual(['poison'])
  })

  it('waits for a store that hangs no longer than its limit, and then for nothing until it ends', async () => {
    let answer: (ids: number[]) => void = () => undefined
    let stores = 0
    const writer = writerWith({
      store: (list) => {
        stores += 1
        if (stores > 1) return Promise.resolve(list.map((_, i) => i + 1))
        return new Promise((resolve) => {
          answer = resolve
        })
      },
      storeLimitMs: 20,
    })
    expect(await writer.accept(callback('a'))).toBe('spilled')
    expect(await writer.accept(callback('b'))).toBe('spilled')
    expect(stores).toBe(1)
    answer([1])
    await new Promise(setImmediate)
    expect(await writer.accept(callback('c'))).toBe('stored')
  })
})
