import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { FieldKind } from './field.schema.ts'
import { checkValue, type Field, fieldChanges, fieldFaults, keptChoices, maskedValue } from './field.ts'

const field = (kind: FieldKind, more: Partial<Field> = {}): Field => ({
  ...{ id: 'f', name: '字段', kind, personal: false, choices: [], bounds: {}, archivedAt: null },
  ...more,
})
const skin = field('choices', {
  choices: [
    { value: '干性', archived: false },
    { value: '油性', archived: false },
    { value: '旧选项', archived: true },
  ],
})
const faultOf = (of: Field, value: Parameters<typeof checkValue>[1], before?: Parameters<typeof checkValue>[2]) => {
  const checked = checkValue(of, value, before)
  return 'fault' in checked ? checked.fault.zh : undefined
}

describe('a value is kept only if its field allows it', () => {
  it.each([
    ['a blank text', field('text'), '  ', '不能是空白'],
    ['a long text', field('text', { bounds: { most: 2 } }), '三个字', '有 3 个字，最多 2 个'],
    ['a fraction where whole numbers are kept', field('number'), 1.5, '需要整数'],
    ['too many decimals', field('number', { bounds: { decimals: 2 } }), 1.005, '最多 2 位小数'],
    ['a number below the least', field('number', { bounds: { least: 3 } }), 2, '不能小于 3'],
    ['a number above the greatest', field('number', { bounds: { greatest: 3 } }), 4, '不能大于 3'],
    ['a day that no calendar has', field('date'), '2025-02-30', '需要日期，例如 1990-08-15'],
    ['a text for a number', field('number'), '3', '需要数字'],
    ['a choice that is not offered', skin, ['混合'], '没有选项“混合”，可选：干性、油性'],
    ['a choice that was archived', skin, ['旧选项'], '没有选项“旧选项”，可选：干性、油性'],
    ['no choice at all', skin, [], '至少选一项'],
  ] as const)('%s is refused with why', (_name, of, value, why) => {
    expect(faultOf(of, typeof value === 'object' ? [...value] : value)).toBe(why)
  })

  it('texts lose blanks around them; choices stand in the order of the field, each once', () => {
    expect(checkValue(field('text'), ' 花粉 ')).toEqual({ value: '花粉' })
    expect(checkValue(skin, ['油性', '干性', '油性'])).toEqual({ value: ['干性', '油性'] })
    expect(checkValue(field('number', { bounds: { decimals: 2 } }), 172.35)).toEqual({ value: 172.35 })
  })

  it('who has an archived choice keeps it when others are edited', () => {
    expect(faultOf(skin, ['干性', '旧选项'], ['旧选项'])).toBeUndefined()
  })
})

it('choices that are left out of a change are archived, never lost', () => {
  fc.assert(
    fc.property(
      fc.uniqueArray(fc.constantFrom('a', 'b', 'c', 'd')),
      fc.uniqueArray(fc.constantFrom('a', 'b', 'c', 'd')),
      (before, after) => {
        const offered = (list: readonly string[]) => list.map((value) => ({ value, archived: false }))
        const kept = keptChoices(offered(before), offered(after))
        expect(new Set(kept.map((one) => one.value))).toEqual(new Set([...before, ...after]))
        expect(kept.filter((one) => !one.archived).map((one) => one.value)).toEqual(after)
      },
    ),
  )
})

describe('audiences learn', () => {
  it('every choice that is had and had not, a number as it is, the day of a date', () => {
    expect(fieldChanges(7, skin, ['油性'])).toMatchObject([
      { key: 'known:f', present: true },
      { key: 'field:f=干性', present: false },
      { key: 'field:f=油性', present: true },
      { key: 'field:f=旧选项', present: false },
    ])
    expect(fieldChanges(7, field('number'), 172.9)).toMatchObject([{ field: 'f', value: 172.9 }])
    expect(fieldChanges(7, field('date'), '1970-01-11')).toMatchObject([{ field: 'f', value: 10 }])
    expect(fieldChanges(7, field('date'), null)).toMatchObject([{ field: 'f', value: null }])
  })

  it('of personal data nothing but that it is there', () => {
    for (const kind of ['text', 'number', 'date', 'choice'] as const)
      expect(fieldChanges(7, field(kind, { personal: true, choices: skin.choices }), '1990-01-01')).toEqual([
        { customerId: 7, kind: 'mark', key: 'known:f', present: true },
      ])
  })
})

it('a masked value shows neither number nor day nor choices, and of a text its ends', () => {
  expect([maskedValue('王小明'), maskedValue(42), maskedValue('1990-08-15'), maskedValue(['a'])]).toEqual([
    '王*明',
    '****',
    '****',
    '****',
  ])
})

it('a field without choices to choose from, or bounds that hold nothing, is refused', () => {
  expect(fieldFaults(field('choice'))).toHaveLength(1)
  expect(fieldFaults(field('text', { choices: skin.choices }))).toHaveLength(1)
  expect(fieldFaults(field('number', { bounds: { least: 5, greatest: 3 } }))).toHaveLength(1)
  expect(fieldFaults(skin)).toEqual([])
})
