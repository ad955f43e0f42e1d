import fc from 'fast-check'
import { expect, test } from 'vitest'
import samples from './fixtures/official-samples.json' with { type: 'json' }
import { readFlat, readWhole } from './xml.ts'

const names = fc.oneof(
  { arbitrary: fc.constantFrom('A', 'ToUserName', 'Event', 'ChangeType', 'B2', 'C_d'), weight: 9 },
  { arbitrary: fc.constantFrom('a', '__proto__', 'constructor', 'A-B', ''), weight: 1 },
)
const values = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 12 }).map((text) => `<![CDATA[${text}]]>`),
  fc.constantFrom('', 'word', '12', '-1.5', ' ', ' a', 'a b', '&amp;', '0x1f', '好', '<B>1</B>', '<![CDATA[]]>'),
  fc.constantFrom(
    '<![CDATA[a]]>b]]>',
    '<![CDATA[a]]]]><![CDATA[>b]]>',
    '<![CDATA[a\r\nb]]>',
    '<![CDATA[',
    ']]>',
    '<!---->',
  ),
)
const element = fc
  .tuple(names, values, fc.nat(20))
  .map(([name, value, last]) => `<${name}>${value}</${last === 0 ? 'A' : name}>`)
const documents = fc
  .array(
    fc.oneof(
      { arbitrary: element, weight: 30 },
      { arbitrary: fc.constantFrom(' ', '\n', '<', '</xml>', '<xml>'), weight: 1 },
    ),
    {
      maxLength: 5,
    },
  )
  .map((parts) => `<xml>${parts.join('')}</xml>`)
  .filter((text) => !text.includes('\0'))

test('what is read without the parser is well-formed and the same as the parser’s', () => {
  let flat = 0
  fc.assert(
    fc.property(documents, (text) => {
      const tags = readFlat(text)
      if (tags === undefined) return
      flat += 1
      expect(tags).toEqual(readWhole(text, true))
    }),
    { numRuns: 3_000 },
  )
  // some 330, give or take 20 by chance
  expect(flat).toBeGreaterThan(200)
})

test.each([
  '<xml></xml>',
  '<xml>',
  '</xml>',
  '',
  '<xml><A>1</A></xml',
  '<xml><A>1</A></xml></xml>',
  '<xml><A>1</A><A>1</A></xml>',
])('«%s» is left to the parser', (text) => {
  expect(readFlat(text)).toBeUndefined()
})

test('the official samples of adds, once without line ends, are read without the parser', () => {
  for (const { kind, xml } of samples.filter((sample) => sample.kind.startsWith('customer.'))) {
    const compact = xml.replaceAll(/>\s+</g, '><')
    expect(readFlat(compact), kind).toEqual(readWhole(compact, true))
  }
})
