import { expect, it } from 'vitest'
import { nextStep, progressOf } from './guide.ts'

const steps = [
  { id: 'site', state: 'done' },
  { id: 'corp', state: 'skipped' },
  { id: 'callback', state: 'open' },
  { id: 'range', state: 'problem' },
] as const

it('what was skipped is done, and a problem is opened before what is to do', () => {
  expect(progressOf(steps)).toEqual({ done: 2, total: 4, problems: 1 })
  expect(nextStep(steps)).toBe('range')
  expect(nextStep(steps.slice(0, 3))).toBe('callback')
  expect(nextStep(steps.slice(0, 2))).toBeUndefined()
})
