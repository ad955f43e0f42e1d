import { describe, expect, it } from 'vitest'
import type { KnownLink } from './link-register.ts'
import { locationOf } from './link-settings.ts'
import { type Visit, visitKind } from './visit.ts'

const link: KnownLink = {
  id: 1,
  corpId: 1,
  run: 1,
  task: 1,
  target: 'https://shop.example/a',
  stopped: false,
  brand: '品牌',
  corpid: 'ww1',
  settings: { link_know_customers: true },
}
const wechat =
  'Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) AppleWebKit/605.1.15 Mobile/15E148 MicroMessenger/8.0.50'
const visit = (over: Partial<Visit> = {}): Visit => ({
  method: 'GET',
  userAgent: wechat,
  purpose: undefined,
  remembered: undefined,
  returning: false,
  ...over,
})

describe('what becomes of a visit', () => {
  it('asks in WeChat once, and only where the corp wants to know', () => {
    expect(visitKind(link, visit())).toBe('ask')
    expect(visitKind(link, visit({ remembered: 0 }))).toBe('lead')
    expect(visitKind(link, visit({ remembered: 7 }))).toBe('lead')
    expect(visitKind(link, visit({ returning: true }))).toBe('lead')
    expect(visitKind({ ...link, settings: {} }, visit())).toBe('lead')
    expect(visitKind(link, visit({ userAgent: 'Mozilla/5.0 (Windows NT 10.0) Chrome/140.0 Safari/537.36' }))).toBe(
      'lead',
    )
  })

  it('counts no machine that looks ahead, tests or indexes', () => {
    for (const userAgent of [
      '',
      'curl/8.5.0',
      'Mozilla/5.0 (compatible; Baiduspider/2.0; +http://www.baidu.com/search/spider.html)',
      'Sogou web spider/4.0',
      'QQ-URLManager',
      'mpcrawler/1.0',
      'Mozilla/5.0 (compatible; bingbot/2.0)',
      'WhatsApp/2.19.81 A',
      'Go-http-client/1.1',
    ])
      expect(visitKind(link, visit({ userAgent })), userAgent).toBe('unread')
    expect(visitKind(link, visit({ method: 'HEAD' }))).toBe('unread')
    expect(visitKind(link, visit({ purpose: 'prefetch;prerender' }))).toBe('unread')
  })

  it('says that a stopped link is over, also to a machine', () => {
    expect(visitKind({ ...link, stopped: true }, visit())).toBe('over')
    expect(visitKind(undefined, visit({ method: 'HEAD' }))).toBe('over')
  })
})

describe('where a link leads', () => {
  it('is the target as it was written', () => {
    const target = 'https://shop.example/p?id=1&x=%E6%A8%B1#top'
    expect(locationOf(target, undefined, 'T')).toBe(target)
    expect(locationOf('https://shop.example/樱桃', undefined, 'T')).toBe('https://shop.example/%E6%A8%B1%E6%A1%83')
  })

  it('says the token where the corp named a parameter for it', () => {
    expect(locationOf('https://shop.example/p?id=1#top', 'from', 'T')).toBe('https://shop.example/p?id=1&from=T#top')
    expect(locationOf('https://shop.example/p', 'from', 'T')).toBe('https://shop.example/p?from=T')
  })
})
