import { expect, test } from 'vitest'
import { fenOf, momentText, namesOf, phoneOf } from './cells.ts'
import { cellsOf, guessMapping, mappingFaults, targetsOf } from './mapping.ts'
import { tagNames } from './tag-names.ts'

const own = {
  fields: [{ id: 'f1', name: '生日' }],
  kinds: [
    { kind: 'till_no', name: '收银会员号' },
    { kind: 'card', name: '卡号' },
  ],
}
const none = { fields: [], kinds: [] }
const targets = targetsOf('customers', own)

test('columns are guessed by name, by the brand’s own fields, and by what stands in them', () => {
  const headers = ['会员卡号 *', '客户姓名', '生日', 'x', '备注', '手机号']
  const samples = [['V1', '甲', '1990-01-01', '13800000000', '', '']]
  expect(guessMapping(targets, headers, samples)).toEqual(['member_no', 'name', 'field:f1', null, null, 'phone_typed'])
  expect(guessMapping(targets, ['a', 'b'], [['13800000000', 'x@y.cn']])).toEqual(['phone_typed', 'email'])
})

test('identities that the brand declared may be columns wherever people stand, before words of ours', () => {
  expect(guessMapping(targets, ['会员号', '收银会员号', '卡号'], [])).toEqual([
    'member_no',
    'kind:till_no',
    'kind:card',
  ])
  expect(guessMapping(targets, ['TILL_NO', '卡号（必填）'], [])).toEqual(['kind:till_no', 'kind:card'])
  for (const kind of ['customers', 'orders', 'tags'] as const)
    expect(mappingFaults(targetsOf(kind, own), ['kind:till_no']).map(({ en }) => en)).not.toContainEqual(
      expect.stringContaining('tell who it is'),
    )
  expect(mappingFaults(targetsOf('members', own), ['number', 'kind:card'])).toEqual([])
  expect(targetsOf('stores', own)).toEqual(targetsOf('stores', none))
  expect(mappingFaults(targets, ['kind:gone'])[0]?.zh).toContain('kind:gone')
})

test('more columns that tell who it is than a fact may name are refused before anything is tried', () => {
  const all = ['external_userid', 'unionid', 'member_no', 'phone_typed', 'phone', 'email', 'kind:till_no', 'kind:card']
  expect(mappingFaults(targets, all)).toEqual([])
  const more = { ...own, kinds: [...own.kinds, { kind: 'more', name: '又一种' }] }
  expect(mappingFaults(targetsOf('customers', more), [...all, 'kind:more'])[0]?.zh).toContain('最多 8 列')
})

test('a mapping that names nobody, a field twice or an unknown field says so', () => {
  expect(mappingFaults(targets, ['name']).map(({ zh }) => zh)).toEqual([
    expect.stringContaining('至少要有一列能认出客户'),
  ])
  expect(mappingFaults(targets, ['member_no', 'member_no'])[0]?.zh).toContain('两列')
  expect(mappingFaults(targets, ['member_no', 'nothing'])[0]?.zh).toContain('nothing')
  expect(mappingFaults(targetsOf('members', none), ['name'])[0]?.zh).toContain('会员号')
  expect(mappingFaults(targetsOf('members', none), ['number'])).toEqual([])
})

test('cells that an export guarded come back as they were', () => {
  expect(cellsOf(['member_no', null, 'name'], ["'=1", 'x', ''])).toEqual(new Map([['member_no', '=1']]))
})

test('phone numbers are read however they are written; what is none is refused', () => {
  for (const cell of ['138 0000 0001', '+86 138-0000-0001', '008613800000001', '１３８００００００01', '13800000001.0'])
    expect(phoneOf('phone', cell)).toBe('13800000001')
  for (const cell of ['1380000', '1.38E+10', '11111111111', '12345678901', 'abc', '138000000012'])
    expect(() => phoneOf('phone', cell), cell).toThrow()
})

test('times without an offset are the wall clock of the corp; money is exact', () => {
  expect(momentText('at', '2026/6/2 10:00', 'Asia/Shanghai')).toBe('2026-06-02T02:00:00.000Z')
  expect(momentText('at', '2026年6月2日', 'Asia/Shanghai')).toBe('2026-06-01T16:00:00.000Z')
  expect(momentText('at', '2026-06-02T10:00:00+09:00', 'Asia/Shanghai')).toBe('2026-06-02T01:00:00.000Z')
  for (const cell of ['2026-02-30', '昨天', '2026-13-01']) expect(() => momentText('at', cell, 'UTC')).toThrow()
  expect(fenOf('amount', '¥1,234.50')).toBe(123_450)
  for (const cell of ['-1', '1.234', 'x']) expect(() => fenOf('amount', cell)).toThrow()
})

test('a tag is found by its name alone only while one group has it', () => {
  const names = tagNames([
    { id: 't1', name: '高', group: '价值' },
    { id: 't2', name: '高', group: '潜力' },
    { id: 't3', name: '榴莲', group: '口味' },
  ])
  expect([
    names.find('tags', undefined, '榴莲'),
    names.find('tags', '潜力', '高'),
    names.find('tags', undefined, '价值/高'),
  ]).toEqual(['t3', 't2', 't1'])
  expect(() => names.find('tags', undefined, '高')).toThrow()
  expect(namesOf('a，b; a|c')).toEqual(['a', 'b', 'c'])
})
