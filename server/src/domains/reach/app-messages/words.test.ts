import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { digest, filled, hasLooseBrace, strangeVariables, within } from './words.ts'

const bytesOf = (text: string) => Buffer.byteLength(text, 'utf8')

describe('what staff are told', () => {
  it('is the words with their variables; one without a value leaves no braces', () => {
    expect(filled('{客户} 支付了 {金额} 元{备注}', { 客户: '林女士', 金额: '99.00' })).toBe('林女士 支付了 99.00 元')
  })

  it('names a variable that its kind does not have', () => {
    expect(strangeVariables('order.paid', '{客户} {生日}')).toEqual(['生日'])
  })

  it.each(['{客户 付了', '客户} 付了', '{{客户}', '{客户} {'])('tells a brace without its other half: %s', (words) => {
    expect(hasLooseBrace(words)).toBe(true)
    expect(hasLooseBrace('{客户} 支付了 {金额} 元')).toBe(false)
  })

  it('is cut between characters, never inside one', () => {
    expect(within('订单已支付', 10)).toBe('订单…')
    expect(within('订单', 6)).toBe('订单')
  })

  it('comes together in lines; what does not fit is left for the next time', () => {
    const lines = Array.from({ length: 35 }, (_, at) => `客户${at} 支付了 ${at}.00 元`)
    const parts = digest(lines, 5, 2_048)
    expect(parts.reduce((sum, part) => sum + part.lines, 0)).toBe(35)
    expect(parts[0]?.text.startsWith('35 条新消息：\n· 客户0')).toBe(true)
    expect(digest(lines, 1, 200).map((part) => part.lines)).toEqual([6])
    expect(digest(lines.slice(0, 7), 2, 200).map((part) => part.text)[1]).toBe('客户6 支付了 6.00 元')
  })

  it('no part is longer than the platform takes, and parts carry the lines in order without a gap', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.string({ unit: 'grapheme', minLength: 1, maxLength: 120 }).filter((line) => !line.includes('\n')),
          {
            maxLength: 60,
          },
        ),
        fc.integer({ min: 1, max: 4 }),
        (lines, most) => {
          const parts = digest(lines, most, 400)
          expect(parts.length).toBeLessThanOrEqual(most)
          for (const part of parts) expect(bytesOf(part.text)).toBeLessThanOrEqual(400)
          const carried = parts.flatMap((part) =>
            part.lines === 1 ? [`· ${part.text}`] : part.text.split('\n').slice(1),
          )
          expect(carried).toHaveLength(parts.reduce((sum, part) => sum + part.lines, 0))
          for (const [at, line] of carried.entries())
            expect(`· ${lines[at]}`.startsWith(line.endsWith('…') ? line.slice(0, -1) : line)).toBe(true)
          if (parts.length < most) expect(carried).toHaveLength(lines.length)
        },
      ),
    )
  })
})
