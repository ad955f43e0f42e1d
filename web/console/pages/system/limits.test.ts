import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { filterLimits, groupOf, writeLimit } from './limits.ts'
import { words } from './words.ts'

const profile: unknown = JSON.parse(
  readFileSync(new URL('../../../../packages/wecom/limits/profile.json', import.meta.url), 'utf8'),
)
const names = typeof profile === 'object' && profile !== null ? Object.keys(profile) : []

test('every group of limits has a name', () => {
  const groups = new Set(names.map(groupOf))
  expect([...groups].filter((group) => !(`group.${group}` in words.zh))).toEqual([])
})

test('values are written for people', () => {
  expect(writeLimit(7200, 's')).toEqual({ text: '2 小时', per: undefined })
  expect(writeLimit(20, 's').text).toBe('20 秒')
  expect(writeLimit(10_000, 'count/min')).toEqual({ text: '10,000', per: 'min' })
  expect(writeLimit(20_971_520, 'bytes').text).toBe('20.0 MB')
  expect(writeLimit(4000, 'bytes').text).toBe('4,000 B')
  expect(writeLimit(5_000_000, 'fen').text).toBe('¥50,000.00')
  expect(writeLimit(0.2, 'share').text).toBe('20.0 %')
  expect(writeLimit('monthly_days', 'mode').text).toBe('monthly_days')
})

test('limits are found by name and by note, within a group and a grade', () => {
  const limits = [
    { name: 'tag.max_count', note: '标签总数', grade: 'A', override: null },
    { name: 'tag.name_chars', note: '标签名长度', grade: 'B', override: 40 },
    { name: 'api.ip_per_hour', note: '每小时次数', grade: 'A', override: null },
  ]
  const found = (filter: Parameters<typeof filterLimits>[1]) => filterLimits(limits, filter).map((limit) => limit.name)
  expect(found({})).toHaveLength(3)
  expect(found({ q: '标签' })).toEqual(['tag.max_count', 'tag.name_chars'])
  expect(found({ q: 'IP_PER' })).toEqual(['api.ip_per_hour'])
  expect(found({ group: 'tag', grade: 'A' })).toEqual(['tag.max_count'])
  expect(found({ overridden: true })).toEqual(['tag.name_chars'])
})
