import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Actor, type RoleName, roleNames } from './actor.ts'
import { maskName, maskPhone, nameFor, phoneFor } from './mask.ts'

describe('masks', () => {
  it('keep a phone number recognisable to who knows it, and no more', () => {
    expect(maskPhone('13812345678')).toBe('138****5678')
    expect(maskPhone('+8613812345678')).toBe('+86****5678')
    expect(maskPhone('12345')).toBe('****45')
    expect(maskPhone(' ')).toBe('')
  })

  it('keep the first and last character of a name as a person counts them', () => {
    expect(maskName('张三')).toBe('张*')
    expect(maskName('欧阳娜娜')).toBe('欧**娜')
    expect(maskName('李')).toBe('*')
    expect(maskName('👨‍👩‍👧小雨🍎')).toBe('👨‍👩‍👧**🍎')
    expect(maskName('a'.repeat(200))).toBe('a****a')
  })

  it('never show a whole phone number or name', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^1[3-9]\d{9}$/), fc.string({ minLength: 1, unit: 'grapheme' }), (phone, name) => {
        expect(maskPhone(phone)).not.toContain(phone.slice(3, 7) === '****' ? phone : phone.slice(2, 8))
        if (name.trim() !== '') expect(maskName(name)).toContain('*')
      }),
    )
  })

  it('show personal data to those who serve the customer and to the administrator only', () => {
    const seen = (role: RoleName) => {
      const actor: Actor = { accountId: '1', name: 'a', role, corpId: 1, scope: { kind: 'corp' }, locale: 'zh' }
      return [phoneFor(actor, '13812345678'), nameFor(actor, '张三丰')]
    }
    const plain = roleNames.filter((role) => seen(role)[0] === '13812345678' && seen(role)[1] === '张三丰')
    expect(plain).toEqual(['administrator', 'store_manager', 'guide'])
    expect(seen('operator')).toEqual(['138****5678', '张*丰'])
    expect(seen('auditor')).toEqual(['138****5678', '张*丰'])
  })
})
