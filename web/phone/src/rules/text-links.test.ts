import fc from 'fast-check'
import { expect, test } from 'vitest'
import { safeLink, splitLinks } from './text-links.ts'

test('a link inside Chinese text ends where the Chinese begins again', () => {
  expect(splitLinks('点这里https://a.cn/x?y=1。谢谢')).toEqual([
    { kind: 'text', text: '点这里' },
    { kind: 'link', text: 'https://a.cn/x?y=1' },
    { kind: 'text', text: '。谢谢' },
  ])
})

test('a full stop after a link is not part of it', () => {
  expect(splitLinks('see http://a.cn/b.')).toEqual([
    { kind: 'text', text: 'see ' },
    { kind: 'link', text: 'http://a.cn/b' },
    { kind: 'text', text: '.' },
  ])
})

test('splitting loses no character, whatever the text', () => {
  fc.assert(
    fc.property(fc.array(fc.oneof(fc.string(), fc.webUrl())), (pieces) => {
      const text = pieces.join('')
      expect(
        splitLinks(text)
          .map((part) => part.text)
          .join(''),
      ).toBe(text)
    }),
  )
})

test('only web addresses may be opened', () => {
  expect(safeLink('https://a.cn')).toBe('https://a.cn')
  expect(safeLink('javascript:alert(1)')).toBeUndefined()
  expect(safeLink('data:text/html,x')).toBeUndefined()
})
