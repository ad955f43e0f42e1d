import { describe, expect, it } from 'vitest'
import { earlier, found, linesOf, type TagGroup } from './tags.ts'

const group = (name: string, tags: string[]): TagGroup => ({
  ...{ id: name, name, kind: 'corp', strategy_id: null, ours: true, truth: 'ours', exclusive: false, sensitive: false },
  ...{ position: 0, at_platform: true },
  tags: tags.map((tag) => ({
    id: tag,
    name: tag,
    position: 0,
    at_platform: true,
    customers: 0,
    moving: null,
    rule: null,
  })),
})

describe('the page of tags', () => {
  it('reads names one a line, each once', () => {
    expect(linesOf(' 甜 \n\n咸\n甜')).toEqual(['甜', '咸'])
  })
  it('finds a group by its name whole, or by its tags in part', () => {
    const groups = [group('肤质', ['油性', '干性']), group('口味', ['甜'])]
    expect(found(groups, '肤').flatMap((one) => one.tags.map((tag) => tag.name))).toEqual(['油性', '干性'])
    expect(found(groups, '油').flatMap((one) => one.tags.map((tag) => tag.name))).toEqual(['油性'])
    expect(found(groups, '')).toHaveLength(2)
  })
  it('brings a tag one place earlier, and the first stays', () => {
    expect(earlier(['a', 'b', 'c'], 'c')).toEqual(['a', 'c', 'b'])
    expect(earlier(['a', 'b'], 'a')).toEqual(['a', 'b'])
  })
})
