import { describe, expect, it } from 'vitest'
import { settingsFault, urlsOf } from './links.ts'

describe('the settings of links', () => {
  it('take domains one a line, whatever stands around them', () => {
    expect(urlsOf(' https://a.example/ \n\nhttps://b.example\n')).toEqual(['https://a.example', 'https://b.example'])
  })

  it('say what the server would refuse', () => {
    expect(settingsFault(['https://a.example', 'http://b.example:8080'], 'ny')).toBeUndefined()
    expect(settingsFault([], '')).toBeUndefined()
    for (const url of ['a.example', 'https://a.example/path', 'ftp://a.example'])
      expect(settingsFault([url], '')).toBe('urls')
    expect(settingsFault(Array(6).fill('https://a.example'), '')).toBe('urls')
    for (const parameter of ['1a', 'a b', 'a=']) expect(settingsFault([], parameter)).toBe('parameter')
  })
})
