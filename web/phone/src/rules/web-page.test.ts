import { expect, test } from 'vitest'
import { refreshOf } from './web-page.ts'

test('a page that is still being made says when to look again, relative to itself', () => {
  expect(refreshOf('2;url=?again=1', 'http://a.cn/c/k3?x=1')).toEqual({
    afterMs: 2000,
    url: 'http://a.cn/c/k3?again=1',
  })
  expect(refreshOf("0.5; URL='/c/other'", 'http://a.cn/c/k3')).toEqual({ afterMs: 500, url: 'http://a.cn/c/other' })
  expect(refreshOf('3', 'http://a.cn/c/k3')).toEqual({ afterMs: 3000, url: 'http://a.cn/c/k3' })
})

test('a page without such a line, or with a broken one, stays', () => {
  expect(refreshOf(undefined, 'http://a.cn')).toBeUndefined()
  expect(refreshOf('soon', 'http://a.cn')).toBeUndefined()
})
