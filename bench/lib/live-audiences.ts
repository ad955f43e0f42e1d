import type { Rule } from '../../server/src/domains/audiences/index.ts'

/** A live audience whose answer turns with the n-th event of one name, whatever else its rule asks of a person. */
export interface LiveAudience {
  readonly name: string
  readonly rule: Rule
  readonly event: number
  /** He joins with the so-manieth event. */
  readonly joins?: number
  readonly leaves?: number
}

export const liveEvents = 8

const days = { window: { days: 7 } }
const tags = (mode: 'any' | 'none', ...ids: number[]): Rule => ({ is: 'tags', mode, tags: ids.map((id) => `t${id}`) })

/** Twenty, as brands keep them: one event, an event with marks, numbers, relations, orders, and one that reads another. */
export function liveAudiences(
  nameOf: (event: number) => string,
  idOf: (at: number) => string,
): readonly LiveAudience[] {
  const did = (event: number, from = 1, to?: number): Rule => ({
    ...{ is: 'events', name: nameOf(event), measure: 'count', ...days, from },
    ...(to === undefined ? {} : { to }),
  })
  const joining = (name: string, event: number, joins: number, ...also: Rule[]): LiveAudience => ({
    ...{ name, event, joins },
    rule: also.length === 0 ? did(event, joins) : { all: [did(event, joins), ...also] },
  })
  return [
    joining('once', 0, 1),
    joining('once, another', 1, 1),
    joining('twice', 2, 2),
    joining('three times', 3, 3),
    joining('with one of two tags', 0, 1, tags('any', 0, 1)),
    joining('without a tag', 1, 1, tags('none', 3)),
    joining('women', 2, 1, { is: 'choice', field: 'gender', any: ['f'] }),
    joining('aged 25 to 35', 3, 1, { is: 'number', field: 'age', from: 25, to: 35 }),
    joining('who follow the account', 4, 1, { is: 'account', account: 'oa', state: 'followed' }),
    joining('of a store', 5, 1, { is: 'relation', by: 'store', any: ['s17', 's18', 's19'], state: 'alive' }),
    joining('with three orders', 6, 1, { is: 'orders', measure: 'count', from: 3 }),
    joining('with 500 yuan in twelve periods', 7, 1, {
      ...{ is: 'orders', measure: 'sum', window: { periods: 12 }, from: 50_000 },
    }),
    joining('of a category', 4, 1, { is: 'orders', measure: 'count', category: 'c0', from: 1 }),
    joining('of three cities', 5, 2, { is: 'choice', field: 'city', any: ['city0', 'city1', 'city2'] }),
    joining('of high tiers', 6, 1, { is: 'tier', any: ['tier0', 'tier1'] }),
    { name: 'not yet, with a tag', event: 0, leaves: 1, rule: { all: [tags('any', 2), { not: did(0) }] } },
    { name: 'once and not twice', event: 1, joins: 1, leaves: 2, rule: did(1, 1, 1) },
    {
      ...{ name: 'lately', event: 7, joins: 1 },
      rule: { is: 'events', name: nameOf(7), measure: 'recency', from: 0, to: 3 },
    },
    { name: 'with a rare tag or twice', event: 2, joins: 2, rule: { any: [tags('any', 490), did(2, 2)] } },
    {
      name: 'of another audience',
      event: 0,
      joins: 1,
      rule: { all: [{ is: 'audience', id: idOf(0) }, tags('any', 5)] },
    },
  ]
}
