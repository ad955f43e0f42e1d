import fc from 'fast-check'
import { expect, it } from 'vitest'
import { inHalves } from './halving.ts'

class Refused extends Error {}

it('does everything but what is refused once, and leaves that alone one by one', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.uniqueArray(fc.nat(200), { maxLength: 60 }),
      fc.uniqueArray(fc.nat(200)),
      async (list, poison) => {
        const poisoned = new Set(poison)
        const done: number[] = []
        const alone: number[] = []
        await inHalves(list, {
          attempt: async (part) => {
            if (part.some((one) => poisoned.has(one))) throw new Refused()
            done.push(...part)
          },
          isRefusal: (error) => error instanceof Refused,
          alone: async (one) => {
            alone.push(one)
          },
        })
        expect(done).toEqual(list.filter((one) => !poisoned.has(one)))
        expect(alone).toEqual(list.filter((one) => poisoned.has(one)))
      },
    ),
  )
})

it('ends with any other error', async () => {
  const attempt = async () => {
    throw new Error('away')
  }
  await expect(inHalves([1, 2], { attempt, isRefusal: () => false, alone: attempt })).rejects.toThrow('away')
})
