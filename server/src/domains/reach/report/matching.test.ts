import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { add, match, nobody, type Stratum, type Tally } from './matching.ts'
import { difference } from './statistics.ts'

const tally = fc
  .record({ persons: fc.nat(400), converted: fc.nat(400), redeemed: fc.nat(400), each: fc.nat(90_000) })
  .map(({ persons, converted, redeemed, each }): Tally => {
    const most = Math.min(converted, persons)
    const paid = { gmv: most * each, squares: most * each ** 2 }
    return { persons, converted: most, redeemed: Math.min(redeemed, persons), ...paid }
  })
const strata = fc.uniqueArray(
  fc.record({ classes: fc.tuple(fc.constantFrom('新', '老'), fc.constantFrom('0', '1', '2')), a: tally, b: tally }),
  { minLength: 1, maxLength: 6, selector: ({ classes }) => classes.join(' ') },
)

describe('a matched comparison', () => {
  it('of people of whom nothing is known is the plain difference with its interval', () => {
    fc.assert(
      fc.property(tally, tally, (a, b) => {
        fc.pre(a.persons > 0 && b.persons > 0)
        const plain = difference({ hits: a.converted, persons: a.persons }, { hits: b.converted, persons: b.persons })
        const { converted } = match([{ classes: [], a, b }])
        expect(converted?.value).toBeCloseTo(plain?.value ?? 0, 10)
        expect(converted?.low).toBeCloseTo(plain?.low ?? 0, 10)
        expect(converted?.high).toBeCloseTo(plain?.high ?? 0, 10)
      }),
    )
  })

  it('counts everybody once: compared, or left out because nobody of the other side is like him', () => {
    fc.assert(
      fc.property(strata, (given) => {
        const { a, b } = match(given)
        const all = (side: 'a' | 'b') => given.reduce((sum, one) => sum + one[side].persons, 0)
        expect(a.persons + a.leftOut).toBe(all('a'))
        expect(b.persons + b.leftOut).toBe(all('b'))
      }),
    )
  })

  it('brings both sides to the same spread of every trait', () => {
    fc.assert(
      fc.property(strata, (given) => {
        for (const { before, after } of match(given).balance) {
          expect(after).toBeLessThan(1e-9)
          expect(before).toBeGreaterThanOrEqual(0)
          expect(before).toBeLessThanOrEqual(1 + 1e-9)
        }
      }),
    )
  })

  it('does not hang on the order of strata, and is in doubt on both sides of what it says', () => {
    fc.assert(
      fc.property(strata, (given) => {
        const [one, other] = [match(given), match(given.toReversed())]
        expect(other.converted?.value ?? 0).toBeCloseTo(one.converted?.value ?? 0, 9)
        expect(other.revenue?.value ?? 0).toBeCloseTo(one.revenue?.value ?? 0, 6)
        if (one.revenue !== undefined) {
          expect(one.revenue.low).toBeLessThanOrEqual(one.revenue.value)
          expect(one.revenue.high).toBeGreaterThanOrEqual(one.revenue.value)
        }
        if (one.converted === undefined) return
        expect(one.converted.low).toBeLessThanOrEqual(one.converted.value + 1e-12)
        expect(one.converted.high).toBeGreaterThanOrEqual(one.converted.value - 1e-12)
        expect(one.converted.low).toBeGreaterThanOrEqual(-1 - 1e-9)
        expect(one.converted.high).toBeLessThanOrEqual(1 + 1e-9)
      }),
    )
  })

  it('of sides that have nobody in common says nothing', () => {
    const someone = { persons: 9, converted: 3, redeemed: 0, gmv: 300, squares: 30_000 }
    const found = match([
      { classes: ['新'], a: someone, b: nobody },
      { classes: ['老'], a: nobody, b: someone },
    ])
    expect(found).toMatchObject({ strata: 0, a: { persons: 0, leftOut: 9 }, b: { persons: 0, leftOut: 9 } })
    expect([found.converted, found.redeemed, found.revenue]).toEqual([undefined, undefined, undefined])
  })

  it('of what was paid says nothing where nothing says how far chance may go', () => {
    const paid = (persons: number, each: number): Tally => ({
      ...{ persons, converted: persons, redeemed: 0, gmv: persons * each, squares: persons * each ** 2 },
    })
    const revenue = (a: Tally, b: Tally) => match([{ classes: [], a, b }]).revenue
    expect(revenue(paid(1, 100), paid(1, 0))).toBeUndefined()
    expect(revenue(paid(9, 100), paid(9, 0))).toBeUndefined()
    expect(revenue(paid(9, 0), paid(9, 0))).toEqual({ value: 0, low: 0, high: 0 })
  })
})

/** A generator of its own, so that the worlds are the same on every machine (Mulberry32). */
function dice(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}

/** People by what they bought before: guides choose those who buy anyway, the SMS goes to the rest; a guide adds `effect`. */
function world(seed: number, effect: number): readonly Stratum[] {
  const random = dice(seed * 7_919 + 3)
  const draw = (persons: number, chance: number): Tally => {
    const did = (share: number) => Array.from({ length: persons }).filter(() => random() < share).length
    return { ...nobody, persons, converted: did(chance), redeemed: did(chance / 2) }
  }
  return Array.from({ length: 24 }, (_, place) => {
    const anyway = 0.02 + 0.012 * place
    const chosen = 0.1 + 0.03 * place
    const persons = 60 + Math.floor(random() * 240)
    const guided = Math.round(persons * chosen)
    return {
      classes: [String(place % 4), String(Math.floor(place / 4))],
      a: draw(guided, anyway + effect),
      b: draw(persons - guided, anyway),
    }
  })
}

describe('of 1,000 worlds in which guides choose who would buy anyway', () => {
  const seeds = Array.from({ length: 1_000 }, (_, place) => place + 1)
  const raw = (given: readonly Stratum[]) => {
    const sum = (side: 'a' | 'b', what: keyof Tally) => given.reduce((all, one) => all + one[side][what], 0)
    return difference(
      { hits: sum('a', 'converted'), persons: sum('a', 'persons') },
      { hits: sum('b', 'converted'), persons: sum('b', 'persons') },
    )
  }

  it.each([0, 0.03])(
    'with a true effect of %s the matched interval holds it in at least 93 of 100, the raw one hardly ever',
    (effect) => {
      const holds = (found: { low: number; high: number } | undefined) =>
        found !== undefined && found.low <= effect && effect <= found.high
      const worlds = seeds.map((seed) => world(seed, effect))
      expect(worlds.filter((given) => holds(match(given).converted)).length).toBeGreaterThanOrEqual(930)
      expect(worlds.filter((given) => holds(raw(given))).length).toBeLessThanOrEqual(100)
    },
  )
})

/** The same people by what they pay: few pay much; a guide makes more of them buy. `truth`: what that is a person of his. */
function payingWorld(seed: number, effect: number, size: number) {
  const random = dice(seed * 7_919 + 3)
  const normal = () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random())
  const draw = (persons: number, chance: number, mean: number): Tally => {
    const paid = Array.from({ length: persons }, () =>
      random() < chance ? Math.round(mean * Math.exp(0.8 * normal() - 0.32)) : 0,
    )
    const [gmv, squares] = [paid.reduce((sum, one) => sum + one, 0), paid.reduce((sum, one) => sum + one ** 2, 0)]
    return { ...nobody, persons, gmv, squares }
  }
  let [truth, guides] = [0, 0]
  const given = Array.from({ length: 24 }, (_, place): Stratum => {
    const [anyway, chosen, mean] = [0.02 + 0.012 * place, 0.1 + 0.03 * place, 10_000 + 400 * place]
    const persons = Math.round((60 + random() * 240) * size)
    const guided = Math.round(persons * chosen)
    truth += guided * effect * mean
    guides += guided
    const classes = [String(place % 4), String(Math.floor(place / 4))]
    return { classes, a: draw(guided, anyway + effect, mean), b: draw(persons - guided, anyway, mean) }
  })
  return { given, truth: truth / guides }
}

describe('of 1,000 worlds in which guides choose who would pay more anyway', () => {
  const seeds = Array.from({ length: 1_000 }, (_, place) => place + 1)
  it.each([
    [0, 1],
    [0.03, 1],
    [0, 0.3],
    [0.03, 0.3],
  ])(
    'with a true effect of %s (size %s) the matched interval of revenue holds it in at least 93 of 100, the raw one seldom',
    (effect, size) => {
      const worlds = seeds.map((seed) => payingWorld(seed, effect, size))
      const held = (of: (given: readonly Stratum[]) => ReturnType<typeof match>) =>
        worlds.filter(({ given, truth }) => {
          const found = of(given).revenue
          return found !== undefined && found.low <= truth && truth <= found.high
        }).length
      const asOne = (given: readonly Stratum[], side: 'a' | 'b') =>
        given.reduce((all, one) => add(all, one[side]), nobody)
      expect(held(match)).toBeGreaterThanOrEqual(930)
      expect(held((given) => match([{ classes: [], a: asOne(given, 'a'), b: asOne(given, 'b') }]))).toBeLessThan(300)
    },
  )
})
