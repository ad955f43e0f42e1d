import fc from 'fast-check'
import { expect, it } from 'vitest'
import { type Liked, preferencesOf } from './preferences.ts'

const order = (categories: readonly string[], storeName: string | null = null, status = 'paid'): Liked => ({
  ...{ status, storeName },
  lines: categories.map((category) => ({ category, name: `${category}一号` })),
})

it('what was bought in two orders or more is preferred, the most often first, with how often', () => {
  const orders = [
    order(['水果', '乳品'], '徐汇店'),
    order(['水果', '水果'], '徐汇店'),
    order(['水果'], '静安店'),
    order(['乳品', ''], null, 'part_refunded'),
    order(['茶'], '徐汇店', 'refunded'),
    order(['茶'], null, 'cancelled'),
  ]
  expect(preferencesOf(orders)).toEqual([
    { kind: 'category', name: '水果', times: 3, of: 4 },
    { kind: 'category', name: '乳品', times: 2, of: 4 },
    { kind: 'product', name: '水果一号', times: 3, of: 4 },
    { kind: 'product', name: '乳品一号', times: 2, of: 4 },
    { kind: 'store', name: '徐汇店', times: 2, of: 4 },
  ])
})

it('says nothing after one order, and the same in whatever order they come', () => {
  expect(preferencesOf([order(['水果'], '徐汇店')])).toEqual([])
  const some = fc.record({
    categories: fc.array(fc.constantFrom('水果', '乳品', '茶', '海鲜'), { maxLength: 4 }),
    store: fc.constantFrom('徐汇店', '静安店', null),
    status: fc.constantFrom('paid', 'refunded', 'part_refunded'),
  })
  fc.assert(
    fc.property(fc.array(some, { maxLength: 12 }), (given) => {
      const orders = given.map(({ categories, store, status }) => order(categories, store, status))
      const told = preferencesOf(orders)
      expect(preferencesOf(orders.toReversed())).toEqual(told)
      for (const { times, of } of told) expect(times > 1 && times <= of).toBe(true)
      expect(told.filter(({ kind }) => kind === 'category').length).toBeLessThanOrEqual(3)
    }),
  )
})
