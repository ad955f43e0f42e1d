import { expect, test } from 'vitest'
import { advise } from './advice.ts'

test('how many are needed is written as every other number of the page', () => {
  const { words, needed80 } = advise({ baseline: 0.03, effect: 0.003, holdout: 0.05 }, 321)
  expect(needed80).toBeGreaterThan(100_000)
  expect(words.zh).toMatch(/至少需要 \d{3},\d{3} 人/)
  expect(words.en).toMatch(/at least \d{3},\d{3} persons/)
})
