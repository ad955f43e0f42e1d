import type { Said } from '../../../infra/errors.ts'
import type { Tier } from './rfm.schema.ts'
import type { RfmScores } from './rfm.ts'

/** What a tier may ask of a buyer; all that is asked must hold. */
export const tierMeasures = ['r', 'f', 'm', 'net'] as const
export type TierMeasure = (typeof tierMeasures)[number]

/** As most brands begin; a brand edits them. */
export const defaultTiers: readonly Tier[] = [
  { id: 'high', name: '高价值', when: { r: { from: 3 }, f: { from: 4 }, m: { from: 4 } } },
  { id: 'potential', name: '潜力', when: { r: { from: 4 } } },
  { id: 'ordinary', name: '一般', when: { r: { from: 2 } } },
  { id: 'low', name: '低', when: {} },
]

/** The first tier whose conditions hold; undefined: none. */
export function tierOf(scores: RfmScores, net: number, tiers: readonly Tier[]): string | undefined {
  const values = { ...scores, net }
  return tiers.find(({ when }) =>
    tierMeasures.every((measure) => {
      const { from, to } = when[measure] ?? {}
      return (from === undefined || values[measure] >= from) && (to === undefined || values[measure] <= to)
    }),
  )?.id
}

/** What a list of tiers of the right shape may still not be. */
export function tierFaults(tiers: readonly Tier[]): readonly Said[] {
  const faults: Said[] = []
  const repeated = (of: (tier: Tier) => string) => new Set(tiers.map(of)).size < tiers.length
  if (repeated((tier) => tier.id)) faults.push({ zh: '层级的编号重复了', en: 'Two tiers have one id' })
  if (repeated((tier) => tier.name.trim())) faults.push({ zh: '层级的名称重复了', en: 'Two tiers have one name' })
  for (const { name, when } of tiers) {
    for (const measure of tierMeasures) {
      const { from, to } = when[measure] ?? {}
      if (from !== undefined && to !== undefined && from > to)
        faults.push({ zh: `“${name}”的下限大于上限`, en: `The lower bound of “${name}” is above the upper` })
    }
  }
  const unreachable = tiers.slice(0, -1).find(({ when }) => tierMeasures.every((measure) => !when[measure]))
  if (unreachable)
    faults.push({
      zh: `“${unreachable.name}”没有条件，所有人都会停在这一层，后面的层级不会有人`,
      en: `“${unreachable.name}” asks for nothing: everybody stops there and later tiers stay empty`,
    })
  return faults
}

/** What a tier asks for, as a sentence. */
export function tierWords({ when }: Tier): Said {
  const parts = tierMeasures.flatMap((measure) => {
    const span = when[measure]
    if (!span || (span.from === undefined && span.to === undefined)) return []
    const write = (value: number) => (measure === 'net' ? (value / 100).toFixed(2) : String(value))
    const bounds = [
      ...(span.from === undefined ? [] : [`≥ ${write(span.from)}`]),
      ...(span.to === undefined ? [] : [`≤ ${write(span.to)}`]),
    ].join(' ')
    const name = {
      r: { zh: 'R 分', en: 'R score' },
      f: { zh: 'F 分', en: 'F score' },
      m: { zh: 'M 分', en: 'M score' },
      net: { zh: '365 天净消费（元）', en: 'net spend in 365 days (yuan)' },
    }[measure]
    return [{ zh: `${name.zh} ${bounds}`, en: `${name.en} ${bounds}` }]
  })
  if (parts.length === 0) return { zh: '其余买家', en: 'All other buyers' }
  return { zh: parts.map((one) => one.zh).join(' 且 '), en: parts.map((one) => one.en).join(' and ') }
}
