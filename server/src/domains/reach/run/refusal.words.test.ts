import { describe, expect, test } from 'vitest'
import { refusalWords } from './refusal.words.ts'

describe('why a task came no further', () => {
  test('a refusal of the platform is said in both languages with what to do, never by the call it was made with', () => {
    const words = refusalWords({ why: 'broadcasts.add: 41048 there is no customer to send to', errcode: 41048 })
    expect(words?.zh).toMatch(/^企业微信拒绝：无可发送的客户（41048）。./)
    expect(words?.en).toMatch(/^WeCom refused: there is no customer to send to \(41048\)\. ./)
    expect(`${words?.zh}${words?.en}`).not.toContain('broadcasts.add')
  })

  test('the code that a halted run keeps before its reason is understood', () => {
    expect(refusalWords({ why: '40007 broadcasts.add: 40007 invalid media id', errcode: null })?.zh).toContain(
      '（40007）',
    )
  })

  test.each(['nobody is left in it', 'files are not at the platform: a.png', 'the process died'])(
    'what we noted ourselves is said in Chinese too: %s',
    (why) => {
      const words = refusalWords({ why, errcode: null })
      expect(words?.zh).not.toContain(why)
      expect(words?.zh).toMatch(/[\u4e00-\u9fff]/)
    },
  )

  test.each(['absent', 'canary_deletes', 'outgrew_approval', null])(
    'what the page says by itself is left to it: %s',
    (why) => {
      expect(refusalWords({ why, errcode: null })).toBeNull()
    },
  )
})
