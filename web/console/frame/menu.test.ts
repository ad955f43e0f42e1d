import { pinyin } from 'pinyin-pro'
import { expect, test } from 'vitest'
import { pages } from '../pages/registry.ts'
import { findHits } from './hits.ts'
import { matchesEntry, menu } from './menu.ts'
import { pageAt, placesFor } from './places.ts'

const everything = { permissions: [...new Set(pages.flatMap((page) => page.permission ?? []))] }
const nothing = { permissions: [] }

/** Characters of two readings, where the dictionary takes the other one. */
const readings: Readonly<Record<string, string>> = { 回调日志: 'huidiaorizhi', 群去重: 'qunquchong' }

test('the pinyin of every entry is the pinyin of its name', () => {
  for (const entry of menu.flatMap((group) => group.entries)) {
    const chinese = entry.zh.replaceAll(/[^\u4e00-\u9fa5]/g, '')
    const expected = pinyin(chinese, { toneType: 'none', type: 'array' }).join('').replaceAll('ü', 'v')
    expect(entry.pinyin.replaceAll(' ', ''), entry.zh).toBe(readings[chinese] ?? expected)
  }
})

test('ids are used once', () => {
  const ids = menu.flatMap((group) => group.entries.map((entry) => entry.id))
  expect(new Set(ids).size).toBe(ids.length)
})

test('an entry is found by Chinese, English, whole pinyin and initials', () => {
  const limits = menu.flatMap((group) => group.entries).find((entry) => entry.id === 'limits')
  for (const typed of ['限额', 'limit', 'xiane', 'ptxe', ' PTXE '])
    expect(limits && matchesEntry(limits, typed), typed).toBe(true)
  expect(limits && matchesEntry(limits, 'zzz')).toBe(false)
})

test('the menu shows only entries with a page that the person may open', () => {
  const shown = placesFor(everything, pages).flatMap((group) => group.entries.map((entry) => entry.id))
  expect(new Set(shown)).toEqual(new Set(pages.map((page) => page.menu)))
  const public_ = placesFor(nothing, pages).flatMap((group) => group.entries)
  expect(
    public_.every((place) => pages.some((page) => page.path === place.path && page.permission === undefined)),
  ).toBe(true)
})

test('no two pages have one address', () => {
  const paths = pages.map((page) => page.path.replaceAll(/\$\w+/g, '$'))
  expect(new Set(paths).size).toBe(paths.length)
})

test('a fixed address wins over a detail address of the same depth', () => {
  const load = pages[0]
  if (!load) throw new Error('no pages')
  const both = [
    { ...load, path: '/channels/$id' },
    { ...load, path: '/channels/new' },
  ]
  expect(pageAt('/channels/new', both)?.path).toBe('/channels/new')
  expect(pageAt('/channels/7', both)?.path).toBe('/channels/$id')
  expect(pageAt('/elsewhere', both)).toBeUndefined()
})

test('Ctrl-K offers no page and no action that the person may not use', () => {
  const action = {
    id: 'x',
    zh: '新建渠道活码',
    en: 'New code',
    pinyin: 'xin jian',
    path: '/x',
    permission: 'channels.write',
  }
  const names = (session: { permissions: string[] }) =>
    findHits('xinjian', session, pages, [action], 'zh-CN').map((hit) => hit.name)
  expect(names({ permissions: ['channels.write'] })).toEqual(['新建渠道活码'])
  expect(names(nothing)).toEqual([])
})
