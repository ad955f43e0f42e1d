import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { contentOf, pagesOf, renderContent, urlsOf } from './content.ts'

const of = (text: string, url?: string) => ({
  text,
  attachments: url === undefined ? [] : [{ kind: 'link' as const, title: '标题', url, desc: '', picurl: '' }],
})
const render = (text: string, links: Record<string, string> = {}) =>
  renderContent(of(text), { brand: '鲜果', links: new Map(Object.entries(links)), preferences: 'https://n.cn/p' }).text

describe('the addresses of a content', () => {
  it('end where Chinese words or a stop begin, and count once, attachments last', () => {
    const text = '看https://a.cn/x?y=1，再看 http://b.cn/路。还有 https://a.cn/x?y=1! (https://c.cn/d)'
    expect(urlsOf(of(text, 'https://e.cn'))).toEqual([
      'https://a.cn/x?y=1',
      'http://b.cn/',
      'https://c.cn/d',
      'https://e.cn',
    ])
  })

  it('are replaced whole, also where one begins another', () => {
    const links = { 'https://a.cn': 'L1', 'https://a.cn/b': 'L2' }
    expect(render('https://a.cn/b 和 https://a.cn。', links)).toBe('L2 和 L1。')
    const { attachments } = renderContent(of('', 'https://a.cn'), {
      ...{ brand: '', preferences: '', links: new Map([['https://a.cn', 'L1']]) },
    })
    expect(attachments).toMatchObject([{ url: 'L1' }])
  })

  it('are none of a mini program’s card, whose page says its token where it is given one', () => {
    const card = {
      kind: 'miniprogram' as const,
      title: '看看',
      appid: 'wx1',
      page: 'pages/a?id=1',
      asset_id: '0198f000-0000-7000-8000-000000000001',
    }
    const content = { text: '', attachments: [card, card, { ...card, page: 'pages/b' }] }
    expect(urlsOf(content)).toEqual([])
    expect([...pagesOf(content)]).toEqual([
      ['miniprogram:wx1/pages/a?id=1', 'pages/a?id=1'],
      ['miniprogram:wx1/pages/b', 'pages/b'],
    ])
    const plain = { brand: '', preferences: '', links: new Map() }
    expect(renderContent(content, plain)).toEqual(content)
    const pages = new Map([['miniprogram:wx1/pages/a?id=1', 'pages/a?id=1&ny=T']])
    expect(renderContent(content, { ...plain, pages }).attachments).toMatchObject([
      { page: 'pages/a?id=1&ny=T' },
      { page: 'pages/a?id=1&ny=T' },
      { page: 'pages/b' },
    ])
  })

  it('leave nothing of the original when each has a link, whatever stands around them', () => {
    const rest = fc.stringMatching(/^[a-z0-9/?=&_.-]{0,20}$/)
    const url = rest.map((one) => `https://a.cn/${one}`.replace(/[.?]+$/u, ''))
    fc.assert(
      fc.property(fc.array(fc.tuple(url, fc.constantFrom('，', ' ', '。\n', '看')), { maxLength: 6 }), (parts) => {
        const content = of(parts.map(([address, after]) => address + after).join(''))
        const found = urlsOf(content)
        const links = new Map(found.map((one, at) => [one, `{${at}}`]))
        const text = renderContent(content, { brand: '', preferences: '', links }).text
        expect(text).not.toContain('://')
      }),
    )
  })
})

describe('a content of one member’s task', () => {
  it('names him in every address and page, written as an address takes it', () => {
    const card = {
      kind: 'miniprogram' as const,
      title: '葡萄',
      appid: 'wx1',
      page: 'p?id=1&guide={员工ID}',
      asset_id: 'a',
    }
    const given = of('看 https://s.cn/p/1?guide={员工ID} 。', 'https://s.cn/p/2?guide={员工ID}')
    const his = contentOf({ ...given, attachments: [...given.attachments, card] }, '李 四')
    expect(urlsOf(his)).toEqual([
      'https://s.cn/p/1?guide=%E6%9D%8E%20%E5%9B%9B',
      'https://s.cn/p/2?guide=%E6%9D%8E%20%E5%9B%9B',
    ])
    expect(his.attachments[1]).toMatchObject({ page: 'p?id=1&guide=%E6%9D%8E%20%E5%9B%9B' })
  })
})

describe('a rendered text', () => {
  it('names the brand and the page of preferences wherever they stand, with signs as they are', () => {
    expect(render('{品牌}$& {品牌}：{少打扰}')).toBe('鲜果$& 鲜果：https://n.cn/p')
    expect(render('{未知}')).toBe('{未知}')
  })
})
