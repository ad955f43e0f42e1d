import { expect, test } from 'vitest'
import { groupByInitial, initialOf } from './initials.ts'

test('common Chinese surnames stand under their pinyin initial', () => {
  const expected = { 陈: 'C', 李: 'L', 王: 'W', 张: 'Z', 刘: 'L', 杨: 'Y', 黄: 'H', 赵: 'Z', 吴: 'W', 周: 'Z', 徐: 'X' }
  for (const [name, initial] of Object.entries(expected)) expect([name, initialOf(name)]).toEqual([name, initial])
  const more = {
    孙: 'S',
    马: 'M',
    朱: 'Z',
    胡: 'H',
    郭: 'G',
    何: 'H',
    高: 'G',
    林: 'L',
    罗: 'L',
    任: 'R',
    潘: 'P',
    唐: 'T',
  }
  for (const [name, initial] of Object.entries(more)) expect([name, initialOf(name)]).toEqual([name, initial])
})

test('Latin names stand under their letter and all else under #', () => {
  expect(initialOf('amy')).toBe('A')
  expect(initialOf('😀小王')).toBe('#')
  expect(initialOf('')).toBe('#')
})

test('groups are in order with # last', () => {
  const groups = groupByInitial(['😀', '张三', 'Amy', '陈晓'], (name) => name)
  expect(groups.map((group) => group.initial)).toEqual(['A', 'C', 'Z', '#'])
})
