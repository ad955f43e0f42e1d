import { describe, expect, it } from 'vitest'
import { testDatabase } from '../../../infra/postgres/testing.ts'
import { createSyncWriter } from './sync-write.ts'

const { db } = await testDatabase()

/** Chunks are numbers, each of one customer of the same number. */
function writerOf(
  cards: (chunk: number) => Promise<void>,
  rows: (chunk: number) => Promise<void> = async () => undefined,
) {
  const seen: { chunk: number; due: readonly number[] }[] = []
  const done: number[] = []
  const writer = createSyncWriter({
    db,
    async rows(_tx, chunk: number, due) {
      seen.push({ chunk, due: [...due] })
      await rows(chunk)
      return { cards: { first: [], again: [chunk], hints: [] } }
    },
    cards: async (_tx, { again: [chunk = 0] }) => {
      await cards(chunk)
      done.push(chunk)
    },
    written: async () => undefined,
  })
  return { writer, seen, done }
}

describe('a sync’s writer', () => {
  it('writes rows in the order of reading, and names those whose search rows are still on their way', async () => {
    const first = Promise.withResolvers<void>()
    const second = Promise.withResolvers<void>()
    const { writer, seen, done } = writerOf(
      (chunk) => (chunk === 1 ? first.promise : Promise.resolve()),
      async (chunk) => {
        if (chunk === 2) second.resolve()
      },
    )
    await writer.push(1)
    await writer.push(2)
    // rows of the second are being written while the search rows of the first wait
    await second.promise
    expect(done).toEqual([])
    expect(seen).toEqual([
      { chunk: 1, due: [] },
      { chunk: 2, due: [1] },
    ])
    first.resolve()
    await writer.push(3)
    await writer.drain()
    expect(seen.map(({ chunk }) => chunk)).toEqual([1, 2, 3])
    expect(done).toEqual([1, 2, 3])
  })

  it('goes no further when search rows cannot be written: a position never runs ahead of more than is named', async () => {
    const { writer, seen } = writerOf(async (chunk) => {
      if (chunk === 1) throw new Error('no room on the disk')
    })
    const all = (async () => {
      for (const chunk of [1, 2, 3, 4]) await writer.push(chunk)
    })()
    await expect(all.finally(() => writer.drain())).rejects.toThrow('no room')
    expect(seen.map(({ chunk }) => chunk)).toEqual([1, 2])
    expect(seen[1]?.due).toEqual([1])
  })

  it('leaves nothing under way when rows fail', async () => {
    const { writer, done } = writerOf(
      async () => undefined,
      async (chunk) => {
        if (chunk === 2) throw new Error('the database went away')
      },
    )
    await writer.push(1)
    await writer.push(2)
    await expect(writer.drain()).rejects.toThrow('went away')
    expect(done).toEqual([1])
  })
})
