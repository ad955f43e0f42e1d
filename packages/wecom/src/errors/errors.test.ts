import { expect, test } from 'vitest'
import { errorCatalogue, explain } from './index.ts'

test('every code has a meaning and a remedy in both languages', () => {
  for (const [code, entry] of Object.entries(errorCatalogue)) {
    expect([code, Object.values(entry).filter((text) => text.trim() === '')]).toEqual([code, []])
    expect([code, /\p{Script=Han}/u.test(entry.remedyZh)]).toEqual([code, true])
    // The English may name menu items, which are Chinese; it never is Chinese.
    expect([code, /[a-z]{3}/.test(entry.meaning) && /[a-z]{3}/.test(entry.remedy)]).toEqual([code, true])
  }
  expect(Object.keys(errorCatalogue).length).toBeGreaterThan(370)
})

test('codes that are often mistaken for one another say what they are', () => {
  expect(explain(41050).meaning).toContain('older than 20 s')
  expect(explain(41051).meaning).toContain('welcomed already')
  expect(explain(45009).meaning).toContain('too often')
  expect(explain(45033).meaning).toContain('at the same time')
  expect(explain(90207).meaning).toContain('mini program')
})

test('an unknown code leads to the official look-up', () => {
  expect(explain(123_456).remedy).toContain('?e=123456')
  expect(explain(123_456).remedyZh).toContain('?e=123456')
})
