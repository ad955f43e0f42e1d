import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { match, type Stratum, type Tally } from './matching.ts'
import { difference } from './statistics.ts'

const tally = fc
  .record({ persons: fc.nat(400), converted: fc.nat(400), redeemed: fc.nat(400) })
  .map(({ persons, converted, redeemed }): Tally => {
    const most = Math.min(converted, persons)
    return { persons, converted: most, redeemed: Math.min(redeemed, persons) }
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
        if (one.converted === undefined) return
        expect(one.converted.low).toBeLessThanOrEqual(one.converted.value + 1e-12)
        expect(one.converted.high).toBeGreaterThanOrEqual(one.converted.value - 1e-12)
        expect(one.converted.low).toBeGreaterThanOrEqual(-1 - 1e-9)
        expect(one.converted.high).toBeLessThanOrEqual(1 + 1e-9)
      }),
    )
  })

  it('of sides that have nobody in common says nothing', () => {
    const someone = { persons: 9, converted: 3, redeemed: 0 }
    const nobody = { persons: 0, converted: 0, redeemed: 0 }
    const found = match([
      { classes: ['新'], a: someone, b: nobody },
      { classes: ['老'], a: nobody, b: someone },
    ])
    expect(found).toMatchObject({ strata: 0, a: { persons: 0, leftOut: 9 }, b: { persons: 0, leftOut: 9 } })
    expect([found.converted, found.redeemed]).toEqual([undefined, undefined])
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
    return { persons, converted: did(chance), redeemed: did(chance / 2) }
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
