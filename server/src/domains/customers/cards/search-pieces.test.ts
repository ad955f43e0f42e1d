import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { folded, piecesAsked, piecesOf, searchText } from './search-pieces.ts'

const person = { name: '欧阳晓雨', pinyin: 'ou yang xiao yu', remarks: ['VIP老客户', 'Tom 2024'] }
const found = (typed: string) => {
  const pieces = piecesOf(person)
  return piecesAsked(typed).every((piece) => pieces.has(piece)) && searchText(person).includes(folded(typed))
}

describe('a customer is found', () => {
  it('by any part of the Chinese name', () => {
    for (const typed of ['欧', '阳晓', '欧阳晓雨', '雨']) expect(found(typed), typed).toBe(true)
    for (const typed of ['欧雨', '晓阳', '陈']) expect(found(typed), typed).toBe(false)
  })
  it('by pinyin from any syllable on, and by initials', () => {
    for (const typed of ['o', 'ouyang', 'xiaoyu', 'OuYang Xiao', 'oyxy', 'xy', 'yu'])
      expect(found(typed), typed).toBe(true)
    for (const typed of ['ouyu', 'yangyu']) expect(found(typed), typed).toBe(false)
  })
  it('by a remark, whatever its script and width', () => {
    for (const typed of ['老客', 'vip', 'ＶＩＰ', 'tom', '2024', 'VIP老']) expect(found(typed), typed).toBe(true)
  })
})

it('whoever types the beginning of what stands there finds it, whatever it is', () => {
  const text = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 12 })
  fc.assert(
    fc.property(text, fc.integer({ min: 1, max: 12 }), (name, length) => {
      const typed = [...folded(name)].slice(0, length).join('')
      const pieces = piecesOf({ name, pinyin: '', remarks: [] })
      expect(piecesAsked(typed).filter((piece) => !pieces.has(piece))).toEqual([])
    }),
    { numRuns: 500 },
  )
})
