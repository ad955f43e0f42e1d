import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Asked, forecastOf, type Past } from './forecast.ts'

const nothing: Past = {
  ...{
    runs: 0,
    members: new Map<string, Asked>(),
    ages: [],
    sent: 0,
    noFriend: 0,
    delivered: 0,
    deleted: 0,
    converted: 0,
  },
}
const past: Past = {
  runs: 3,
  members: new Map([
    ['prompt', { asked: 9, confirmed: 9 }],
    ['never', { asked: 9, confirmed: 0 }],
  ]),
  ages: [
    { hours: 0, persons: 600 },
    { hours: 5, persons: 400 },
    { hours: 30, persons: 100 },
  ],
  ...{ sent: 950, noFriend: 50, delivered: 1_000, deleted: 10, converted: 40 },
}
const share = (sender: string, persons: number, spent = 0) => ({ sender, persons, spent })

describe('a forecast', () => {
  it('goes by what each member did before', () => {
    const { confirmed } = forecastOf([share('prompt', 1_000), share('never', 1_000)], past, 24)
    expect(confirmed.value).toBeGreaterThan(950)
    expect(confirmed.value).toBeLessThan(1_050)
    // of somebody who was never asked it says what members say on the whole
    expect(forecastOf([share('new', 1_000)], past, 24).confirmed.value).toBeCloseTo(500)
  })

  it('delivers nothing to whom the platform lets nothing through any more, nor to who ended the relation', () => {
    const of = (spent: number) => forecastOf([share('prompt', 1_000, spent)], past, 24).delivered.value
    expect(of(1_000)).toBe(0)
    expect(of(0) / forecastOf([share('prompt', 1_000)], past, 24).confirmed.value).toBeCloseTo(0.95)
  })

  it('tells deletes and conversions with an interval, and nothing where nothing was reported', () => {
    const { deletes, converted, delivered } = forecastOf([share('prompt', 1_000)], past, 24)
    expect(deletes?.value).toBeCloseTo(delivered.value / 100)
    expect([deletes?.low, converted?.low].every((low) => low !== undefined && low > 0)).toBe(true)
    expect(deletes?.high).toBeGreaterThan(deletes?.value ?? 0)
    expect(forecastOf([share('prompt', 1)], { ...past, delivered: 0 }, 24)).toMatchObject({
      deletes: null,
      converted: null,
    })
  })

  it('counts no confirmation after the tasks’ end', () => {
    const { curve, confirmed } = forecastOf([share('prompt', 1_000)], past, 24)
    expect(curve.map(({ hours }) => hours)).toEqual([1, 2, 4, 8, 12, 24])
    expect(curve[0]?.persons).toBe(Math.round(0.6 * confirmed.value))
    expect(curve.at(-1)?.persons).toBe(Math.round(confirmed.value))
  })

  it('says that it guesses where nothing was ever sent', () => {
    const { basis, confirmed, curve } = forecastOf([share('a', 900), share('b', 600)], nothing, 24)
    expect(basis).toBe('assumption')
    expect(confirmed.value).toBeCloseTo(1_000)
    expect(curve.at(-1)?.persons).toBe(1_000)
  })

  it('is within what there is, its interval holds it, and more history makes it no wider', () => {
    const members = fc.array(
      fc.record({ persons: fc.integer({ min: 1, max: 5_000 }), asked: fc.integer({ min: 0, max: 20 }) }),
      {
        minLength: 1,
        maxLength: 30,
      },
    )
    fc.assert(
      fc.property(members, fc.infiniteStream(fc.double({ min: 0, max: 1, noNaN: true })), (given, draws) => {
        const rows = given.map((one, at) => ({ ...one, name: `u${at}`, rate: draws.next().value ?? 0 }))
        const told = new Map(
          rows.map(({ name, asked, rate }) => [name, { asked, confirmed: Math.round(asked * rate) }]),
        )
        const shares = rows.map(({ name, persons }) => share(name, persons))
        const { confirmed, curve } = forecastOf(shares, { ...past, members: told }, 24)
        const whole = given.reduce((sum, one) => sum + one.persons, 0)
        expect(confirmed.low).toBeGreaterThanOrEqual(0)
        expect(confirmed.low).toBeLessThanOrEqual(confirmed.value)
        expect(confirmed.value).toBeLessThanOrEqual(confirmed.high)
        expect(confirmed.high).toBeLessThanOrEqual(whole + 1e-6)
        const persons = curve.map((one) => one.persons)
        expect(persons).toEqual(persons.toSorted((a, b) => a - b))
      }),
    )
  })
})
