import { expect, test } from 'vitest'
import { addressOf, sessionFromAddress } from './session.ts'

test('a link from the console plays the person and scans the content', () => {
  const session = sessionFromAddress('?as=c12&scan=https%3A%2F%2Fwork.weixin.qq.com%2Fca%2Fx%3Fa%3D1', 'c1')
  expect(session.person).toBe('c12')
  expect(session.stack).toEqual([{ name: 'scanned', content: 'https://work.weixin.qq.com/ca/x?a=1' }])
})

test('a scan without a person is done by whoever was played last', () => {
  expect(sessionFromAddress('?scan=abc', 'c1')).toMatchObject({
    person: 'c1',
    stack: [{ name: 'scanned', content: 'abc' }],
  })
})

test('nobody is played when neither the address nor the memory names one', () => {
  expect(sessionFromAddress('', undefined)).toMatchObject({ person: undefined, stack: [] })
})

test('the address of a person leads back to that person', () => {
  expect(sessionFromAddress(addressOf('chen.xiao@yu'), undefined).person).toBe('chen.xiao@yu')
})
