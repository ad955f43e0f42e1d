import type { components } from '#shared/api/schema.gen.ts'

export type Figures = components['schemas']['LifeCycleFigures']
export type StageFigures = Figures['stages'][number]
export type Version = components['schemas']['LifeCycleVersion']

export const lifeCycleKey = ['life-cycle'] as const
export const periods = [30, 90, 365] as const

interface Onward {
  stage: string | null
  share: number
}

/** Of those who entered a stage: where they went next, the most first, and how many are still there. */
export function onwardOf(stage: StageFigures): { next: Onward[]; still: number } {
  if (stage.entered === 0) return { next: [], still: 0 }
  const next = stage.next
    .map((one) => ({ stage: one.stage, share: one.persons / stage.entered }))
    .sort((a, b) => b.share - a.share)
  const gone = stage.next.reduce((sum, one) => sum + one.persons, 0)
  return { next, still: (stage.entered - gone) / stage.entered }
}
