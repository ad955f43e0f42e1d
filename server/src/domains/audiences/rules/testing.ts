import fc from 'fast-check'
import { dayText } from '../../../infra/zone.ts'
import { markOf, marksOfNumber, type PersonFacts } from './facts.ts'
import type { Leaf, Rule } from './rule.schema.ts'

/** Rules and persons over the same small world, so that rules hold for some and not for others. */
export const today = 20_650

const tag = fc.constantFrom('t1', 't2', 't3', 't4')
const product = fc.constantFrom('durian', 'mango', 'tea')
const store = fc.constantFrom('s1', 's2')
const channel = fc.constantFrom('web', 'app')
const staff = fc.constantFrom('u1', 'u2', 'u3')
const eventName = fc.constantFrom('view', 'pay')
const categories: Readonly<Record<string, string>> = { durian: 'fruit', mango: 'fruit', tea: 'drink' }
const pastDay = fc.oneof(fc.integer({ min: today - 120, max: today }), fc.integer({ min: today - 500, max: today + 3 }))
const date = fc.integer({ min: today - 420, max: today + 5 }).map(dayText)
const maybe = <T>(of: fc.Arbitrary<T>) => fc.option(of, { nil: undefined, freq: 2 })
const given = <T extends object>(of: fc.Arbitrary<T>) =>
  of.map((value) => Object.fromEntries(Object.entries(value).filter(([, one]) => one !== undefined)))

const marks = fc.subarray([
  ...['t1', 't2', 't3', 't4'].map((id) => markOf.tag(id)),
  markOf.tag('t1', 'rule'),
  markOf.choice('city', '上海'),
  markOf.choice('city', '杭州'),
  markOf.stage('new'),
  markOf.tier('A'),
  markOf.group('g1'),
  markOf.account('oa', 'followed'),
  markOf.audience('a1'),
  markOf.list('l1'),
  markOf.identity('member_no'),
  markOf.wish('less'),
])

/** Around whole numbers and around nought, where a part and its whole part lie apart. */
const hundredths = fc.integer({ min: -250, max: 450 }).map((hundred) => hundred / 100)

export const people: fc.Arbitrary<PersonFacts> = fc
  .record({
    marks,
    numbers: given(
      fc.record({
        age: maybe(fc.integer({ min: -5, max: 90 })),
        birthday: maybe(pastDay),
        wealth: maybe(fc.integer()),
        height: maybe(hundredths),
      }),
    ),
    relations: fc.uniqueArray(
      fc.record({
        staff,
        departments: fc.subarray(['d1', 'd2']),
        store: maybe(store),
        channel: maybe(channel),
        since: pastDay,
        ended: maybe(pastDay),
      }),
      { selector: (one) => one.staff, maxLength: 3 },
    ),
    orders: fc.uniqueArray(
      fc.record({
        id: fc.integer({ min: 0, max: 60 }),
        day: pastDay,
        net: fc.integer({ min: 0, max: 500 }),
        store: maybe(store),
        channel: maybe(channel),
        lines: fc.array(
          fc.record({ product, amount: fc.integer({ min: 0, max: 300 }) }).map((line) => ({
            ...line,
            category: categories[line.product] ?? 'other',
          })),
          { maxLength: 3 },
        ),
      }),
      { selector: (one) => one.id, maxLength: 8 },
    ),
    behaviours: fc.uniqueArray(fc.record({ name: eventName, day: pastDay, times: fc.integer({ min: 1, max: 4 }) }), {
      selector: (one) => `${one.name} ${one.day}`,
      maxLength: 5,
    }),
  })
  .map(({ marks, numbers, ...rest }) => {
    const known = new Map<string, number>(Object.entries(numbers))
    const all = [...marks, ...[...known].flatMap(([field, value]) => marksOfNumber(field, value).slice(0, 1))]
    return { marks: new Set(all), numbers: known, ...rest }
  })

const span = (min: number, max: number) =>
  fc
    .tuple(fc.integer({ min, max }), fc.integer({ min, max }), fc.constantFrom('from', 'to', 'both'))
    .map(([a, b, which]) =>
      which === 'from' ? { from: a } : which === 'to' ? { to: a } : { from: Math.min(a, b), to: Math.max(a, b) },
    )
const decimals = span(-260, 460).map((bounds) =>
  Object.fromEntries(Object.entries(bounds).map(([key, value]) => [key, value / 100])),
)
const dates = fc.tuple(date, date).map(([a, b]) => (a < b ? { from: a, to: b } : { from: b, to: a }))
const window = maybe(
  fc.oneof(
    fc.integer({ min: 1, max: 400 }).map((days) => ({ days })),
    fc.integer({ min: 1, max: 12 }).map((periods) => ({ periods })),
    dates,
  ),
)
const tidy = (leaf: object): Leaf =>
  Object.fromEntries(Object.entries(leaf).filter(([, value]) => value !== undefined)) as Leaf

const orders = fc
  .record({
    is: fc.constant('orders'),
    measure: fc.constantFrom('count', 'sum', 'average', 'recency'),
    product: maybe(product),
    category: maybe(fc.constantFrom('fruit', 'drink')),
    store: maybe(store),
    channel: maybe(channel),
    window,
  })
  .chain((leaf) =>
    span(-1, leaf.measure === 'count' ? 7 : leaf.measure === 'recency' ? 400 : 900).map((bounds) => ({
      ...leaf,
      ...bounds,
    })),
  )

/** Conditions on all orders, which are answered from what is kept of a buyer. */
export const keptLeaves: fc.Arbitrary<Leaf> = orders.map(
  ({ product: _product, category: _category, store: _store, channel: _channel, ...leaf }) => tidy(leaf),
)

const leaves: fc.Arbitrary<Leaf> = fc
  .oneof(
    fc.record({
      is: fc.constant('choice'),
      field: fc.constant('city'),
      any: fc.subarray(['上海', '杭州', '成都'], { minLength: 1 }),
    }),
    fc.record({ is: fc.constant('known'), field: fc.constantFrom('age', 'wealth') }),
    fc.record({ is: fc.constant('number'), field: fc.constant('age'), bounds: span(-6, 92) }),
    fc.record({ is: fc.constant('number'), field: fc.constant('wealth'), bounds: span(-(2 ** 32), 2 ** 32) }),
    { arbitrary: fc.record({ is: fc.constant('number'), field: fc.constant('height'), bounds: decimals }), weight: 2 },
    fc.record({ is: fc.constant('date'), field: fc.constant('birthday'), bounds: dates }),
    fc.record({ is: fc.constant('ago'), field: fc.constant('birthday'), bounds: span(-10, 400) }),
    fc.record({
      is: fc.constant('tags'),
      mode: fc.constantFrom('any', 'all', 'none'),
      tags: fc.array(tag, { minLength: 1, maxLength: 3 }),
      source: maybe(fc.constant('rule')),
    }),
    fc.record({
      is: fc.constant('relation'),
      by: fc.constantFrom('staff', 'department', 'store', 'channel', 'anyone'),
      any: fc.subarray(['u1', 'u2', 'd1', 's1', 'web'], { minLength: 1 }),
      state: fc.constantFrom('alive', 'ended', 'ever'),
      sinceFrom: maybe(date),
      sinceTo: maybe(date),
      sinceDays: maybe(fc.integer({ min: 0, max: 200 })),
    }),
    fc.record({ is: fc.constant('stage'), any: fc.constant(['new']) }),
    fc.record({ is: fc.constant('tier'), any: fc.constant(['A', 'B']) }),
    fc.record({ is: fc.constant('group'), any: fc.constant(['g1']) }),
    fc.record({ is: fc.constant('account'), account: fc.constant('oa'), state: fc.constantFrom('followed', 'left') }),
    { arbitrary: orders, weight: 8 },
    {
      arbitrary: fc.record({
        is: fc.constant('events'),
        name: eventName,
        measure: fc.constantFrom('count', 'recency'),
        window,
        bounds: span(-1, 8),
      }),
      weight: 3,
    },
    fc.record({ is: fc.constant('audience'), id: fc.constant('a1') }),
    fc.record({ is: fc.constant('list'), id: fc.constant('l1') }),
    fc.record({ is: fc.constant('wish'), wish: fc.constantFrom('less', 'none') }),
    fc.record({ is: fc.constant('identity'), any: fc.constant(['member_no', 'phone']) }),
  )
  .map((leaf) => {
    const { bounds, ...rest } = { bounds: {}, ...leaf }
    return tidy({ ...rest, ...bounds })
  })

export const rules: fc.Arbitrary<Rule> = fc.letrec<{ rule: Rule }>((tie) => ({
  rule: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    leaves,
    fc.array(tie('rule'), { minLength: 1, maxLength: 3 }).map((all) => ({ all })),
    fc.array(tie('rule'), { minLength: 1, maxLength: 3 }).map((any) => ({ any })),
    tie('rule').map((rule) => ({ not: rule })),
  ),
})).rule
