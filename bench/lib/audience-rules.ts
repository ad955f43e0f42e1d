import type { Rule } from '../../server/src/domains/audiences/index.ts'

export interface NamedRule {
  readonly name: string
  /** What it must be answered as: by marks alone, by kept order and event windows, or freely. */
  readonly class: 'simple' | 'window' | 'free'
  readonly rule: Rule
}

const tags = (mode: 'any' | 'all' | 'none', ...ids: number[]): Rule => ({
  is: 'tags',
  mode,
  tags: ids.map((id) => `t${id}`),
})
const stage = (...ids: number[]): Rule => ({ is: 'stage', any: ids.map((id) => `stage${id}`) })
const tier = (...ids: number[]): Rule => ({ is: 'tier', any: ids.map((id) => `tier${id}`) })
const contact: Rule = { is: 'relation', by: 'anyone', any: [], state: 'alive' }
const woman: Rule = { is: 'choice', field: 'gender', any: ['f'] }
const days = (count: number) => ({ window: { days: count } })
const simple = (name: string, rule: Rule): NamedRule => ({ name, class: 'simple', rule })
const windowed = (name: string, rule: Rule): NamedRule => ({ name, class: 'window', rule })
const free = (name: string, rule: Rule): NamedRule => ({ name, class: 'free', rule })

/** The rules that `bench audience` counts, as brands ask them: broad and narrow, common and rare values. */
export const audienceRules: readonly NamedRule[] = [
  simple('one common tag', tags('any', 0)),
  simple('one rare tag', tags('any', 499)),
  simple('three of any, one of none', { all: [tags('any', 0, 1, 2), tags('none', 3)] }),
  simple('all of three tags', tags('all', 0, 1, 5)),
  simple('none of five tags', tags('none', 0, 1, 2, 3, 4)),
  simple('twenty tags of any', tags('any', ...Array.from({ length: 20 }, (_, n) => n * 7))),
  simple('a tag that a rule gave', { is: 'tags', mode: 'any', tags: ['t0'], source: 'rule' }),
  simple('women of three cities', { all: [woman, { is: 'choice', field: 'city', any: ['city0', 'city1', 'city2'] }] }),
  simple('aged 25 to 35', { is: 'number', field: 'age', from: 25, to: 35 }),
  simple('women of 30 and more with a tag', { all: [woman, { is: 'number', field: 'age', from: 30 }, tags('any', 2)] }),
  simple('added within 30 days', { is: 'ago', field: 'added', from: 0, to: 29 }),
  simple('birthday known, nobody told the age', {
    all: [{ is: 'known', field: 'birthday' }, { not: { is: 'known', field: 'age' } }],
  }),
  simple('early stages, high tiers', { all: [stage(0, 1), tier(3, 4)] }),
  simple('a contact who follows the account', { all: [contact, { is: 'account', account: 'oa', state: 'followed' }] }),
  simple('in one of three groups', { is: 'group', any: ['g1', 'g2', 'g3'] }),
  simple('of a department', { is: 'relation', by: 'department', any: ['d17'], state: 'alive' }),
  simple('of a big channel', { is: 'relation', by: 'channel', any: ['ch0'], state: 'alive' }),
  simple('of a member of staff', { is: 'relation', by: 'staff', any: ['u4711'], state: 'alive' }),
  simple('of ten stores', {
    is: 'relation',
    by: 'store',
    any: Array.from({ length: 10 }, (_, n) => `s${n * 31}`),
    state: 'alive',
  }),
  simple('an audience without a list', {
    all: [{ is: 'audience', id: 'audience1' }, { not: { is: 'list', id: 'list1' } }],
  }),
  windowed('3 orders in 90 days', { is: 'orders', measure: 'count', ...days(90), from: 3 }),
  windowed('none in 180 days, but once', {
    all: [
      { is: 'orders', measure: 'count', from: 1 },
      { is: 'orders', measure: 'count', ...days(180), to: 0 },
    ],
  }),
  windowed('one or two orders in a year', { is: 'orders', measure: 'count', ...days(365), from: 1, to: 2 }),
  windowed('latest order 60 to 90 days ago', { is: 'orders', measure: 'recency', from: 60, to: 90 }),
  windowed('a category 3 times in 90 days', { is: 'orders', measure: 'count', category: 'c0', ...days(90), from: 3 }),
  windowed('a product once in 30 days', { is: 'orders', measure: 'count', product: 'p0', ...days(30), from: 1 }),
  windowed('a rare product in 90 days', { is: 'orders', measure: 'count', product: 'p1900', ...days(90), from: 1 }),
  windowed('500 yuan in three periods', { is: 'orders', measure: 'sum', window: { periods: 3 }, from: 50_000 }),
  windowed('2,000 yuan in twelve periods', { is: 'orders', measure: 'sum', window: { periods: 12 }, from: 200_000 }),
  windowed('spent 1,000 yuan ever, high tier', {
    all: [{ is: 'orders', measure: 'sum', from: 100_000 }, tier(2, 3, 4)],
  }),
  windowed('looked at a product in 7 days, bought nothing', {
    all: [
      { is: 'events', name: 'view_product', measure: 'count', ...days(7), from: 1 },
      { is: 'orders', measure: 'count', ...days(7), to: 0 },
    ],
  }),
  windowed('rare event in 90 days', { is: 'events', name: 'activity_joined', measure: 'count', ...days(90), from: 1 }),
  windowed('at a store in 90 days', { is: 'orders', measure: 'count', store: 's17', ...days(90), from: 1 }),
  windowed('added to a store within 30 days', {
    is: 'relation',
    by: 'store',
    any: ['s17', 's18'],
    state: 'alive',
    sinceDays: 30,
  }),
  windowed('a sleeping regular with a tag', {
    all: [
      { is: 'orders', measure: 'count', ...days(365), from: 4 },
      { is: 'orders', measure: 'count', ...days(60), to: 0 },
      tags('any', 0, 1),
      contact,
    ],
  }),
  free('1,000 yuan in 200 days', { is: 'orders', measure: 'sum', ...days(200), from: 100_000 }),
  free('8 orders in a year', { is: 'orders', measure: 'count', ...days(365), from: 8 }),
  free('a category for 500 yuan in a year', {
    is: 'orders',
    measure: 'sum',
    category: 'c0',
    ...days(365),
    from: 50_000,
  }),
  free('a festival of last year', {
    is: 'orders',
    measure: 'count',
    window: { from: '2025-09-28', to: '2025-10-08' },
    from: 1,
  }),
  free('20 page views in half a year', { is: 'events', name: 'view_page', measure: 'count', ...days(180), from: 20 }),
  free('average order of 300 yuan in 90 days', { is: 'orders', measure: 'average', ...days(90), from: 30_000 }),
]
