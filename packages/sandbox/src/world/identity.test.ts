import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createIdentity } from './identity.ts'

const identity = createIdentity('wwfreshfruit00000001', 7)
const anyone = fc.integer({ min: 0, max: 0xffff_ffff })

test('every id leads back to its person', () => {
  fc.assert(
    fc.property(anyone, fc.boolean(), (index, wecom) => {
      expect(identity.indexOfExternal(identity.externalUserId(index, wecom))).toBe(index)
      expect(identity.indexOfUnion(identity.unionId(index))).toBe(index)
      expect(identity.indexOfOpen(identity.openId(index))).toBe(index)
    }),
  )
})

test('ids have the shape of the platform: wm or wo and 32 characters, unionids 28', () => {
  expect(identity.externalUserId(5, false)).toMatch(/^wm[A-Za-z0-9_-]{30}$/)
  expect(identity.externalUserId(5, true)).toMatch(/^wo[A-Za-z0-9_-]{30}$/)
  expect(identity.unionId(5)).toMatch(/^o[A-Za-z0-9_-]{27}$/)
})

test('an id with any one character changed belongs to nobody', () => {
  const characters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
  fc.assert(
    fc.property(anyone, fc.nat(31), fc.nat(63), (index, at, to) => {
      const id = identity.externalUserId(index, false)
      const other = id.slice(0, at) + characters.charAt(to) + id.slice(at + 1)
      if (other === id || other.slice(2) === id.slice(2)) return
      expect(identity.indexOfExternal(other)).toBeUndefined()
    }),
  )
})

test('another seed knows none of these ids', () => {
  const other = createIdentity('wwfreshfruit00000001', 8)
  expect(other.indexOfExternal(identity.externalUserId(1, false))).toBeUndefined()
  expect(other.indexOfUnion(identity.unionId(1))).toBeUndefined()
})
