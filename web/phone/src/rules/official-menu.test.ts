import { expect, test } from 'vitest'
import { tapOf } from './official-menu.ts'

test('a tap is told by what the button is for', () => {
  expect(tapOf({ name: '客服', type: 'click', key: 'K' })).toEqual({ key: 'K' })
  expect(tapOf({ name: '会员', type: 'view', url: 'https://a.cn' })).toEqual({ url: 'https://a.cn' })
  expect(tapOf({ name: '商城', type: 'miniprogram', url: 'https://a.cn', pagepath: 'p' })).toEqual({ pagepath: 'p' })
  expect(tapOf({ name: '扫码', type: 'scancode_push', key: 'S' })).toBeUndefined()
  expect(tapOf({ name: '更多' })).toBeUndefined()
})
