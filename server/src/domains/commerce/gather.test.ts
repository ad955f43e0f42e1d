import { expect, it } from 'vitest'
import { createGatherer } from './gather.ts'

/** A store whose writes end when the test says so. */
function slowStore(lanes: number, atOnce = 5) {
  const writes: { readonly corpId: number; readonly items: readonly number[]; end(error?: Error): void }[] = []
  const gatherer = createGatherer<number, string>({ atOnce, lanes }, (corpId, items) => {
    const { promise, resolve, reject } = Promise.withResolvers<readonly string[]>()
    writes.push({
      corpId,
      items,
      end: (error) => (error === undefined ? resolve(items.map((item) => `${corpId}:${item}`)) : reject(error)),
    })
    return promise
  })
  return { writes, add: gatherer.add }
}
const turn = () => new Promise((resolve) => setImmediate(resolve))

it('writes together what came meanwhile, and answers everybody his own', async () => {
  const { writes, add } = slowStore(1)
  const first = add(1, [1])
  const second = add(1, [2, 3])
  const third = add(1, [4])
  const fourth = add(1, [5, 6, 7])
  expect(writes.map(({ items }) => items)).toEqual([[1]])
  writes[0]?.end()
  expect(await first).toEqual(['1:1'])
  await turn()
  expect(writes[1]?.items).toEqual([2, 3, 4])
  writes[1]?.end()
  expect(await Promise.all([second, third])).toEqual([['1:2', '1:3'], ['1:4']])
  await turn()
  writes[2]?.end()
  expect(await fourth).toEqual(['1:5', '1:6', '1:7'])
})

it('takes what is larger than a write by itself, and lets no corp wait for another', async () => {
  const { writes, add } = slowStore(1)
  const large = add(1, [1, 2, 3, 4, 5, 6, 7])
  const other = add(2, [1])
  expect(writes.map(({ corpId, items }) => [corpId, items.length])).toEqual([
    [1, 7],
    [2, 1],
  ])
  for (const write of writes) write.end()
  expect((await large).length + (await other).length).toBe(8)
})

it('keeps so many writes of a corp under way and no more', async () => {
  const { writes, add } = slowStore(2)
  const all = [1, 2, 3, 4].map((item) => add(1, [item]))
  expect(writes.map(({ items }) => items)).toEqual([[1], [2]])
  writes[1]?.end()
  await all[1]
  await turn()
  expect(writes[2]?.items).toEqual([3, 4])
  writes[0]?.end()
  writes[2]?.end()
  expect(await Promise.all(all)).toEqual([['1:1'], ['1:2'], ['1:3'], ['1:4']])
})

it('tells those of a failed write, and goes on with the next', async () => {
  const { writes, add } = slowStore(1)
  const first = add(1, [1])
  const second = add(1, [2])
  writes[0]?.end(new Error('the database is away'))
  await expect(first).rejects.toThrow('away')
  await turn()
  writes[1]?.end()
  expect(await second).toEqual(['1:2'])
})
