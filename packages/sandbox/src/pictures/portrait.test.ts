import { expect, test } from 'vitest'
import { appIconOf, mosaicOf, portraitOf } from './portrait.ts'

test('the same person has the same face everywhere, another person another', () => {
  expect(portraitOf('c12', 'customer')).toBe(portraitOf('c12', 'customer'))
  const faces = new Set(Array.from({ length: 200 }, (_, index) => portraitOf(`c${index}`, 'customer')))
  expect(faces.size).toBeGreaterThan(150)
})

test('a picture is one SVG without script, whatever the id', () => {
  for (const picture of [portraitOf('"><script>', 'staff'), appIconOf('app:<x>')]) {
    expect(picture).toMatch(/^<svg .*<\/svg>$/)
    expect(picture).not.toContain('script')
  }
})

test('a group shows at most nine of its members', () => {
  const members = Array.from({ length: 30 }, (_, index) => ({ id: `c${index}`, role: 'customer' as const }))
  expect(mosaicOf(members).match(/<svg /g)).toHaveLength(10)
  expect(mosaicOf([])).toContain('<rect')
})
