import { describe, expect, it } from 'vitest'
import { say } from '#shared/i18n/words.ts'
import { actionName, changesOf, timesOf } from './entry.ts'
import { type Words, words } from './words.ts'

const t = (key: Words) => say(words, key)

describe('an audit entry', () => {
  it('names actions in the trade’s words, and new ones as they are', () => {
    expect(actionName('channel.update', t)).toBe('渠道活码 · 修改')
    expect(actionName('account.end_sessions', t)).toBe('账号 · 收回登录')
    expect(actionName('rocket.take_off', t)).toBe('rocket · take off')
  })

  it('shows what differs first', () => {
    const changes = changesOf({
      before: { name: 'a', role: 'guide', gone: 1 },
      after: { name: 'a', role: 'auditor', scope: { kind: 'corp' } },
    })
    expect(changes).toEqual([
      { field: 'role', before: 'guide', after: 'auditor', changed: true },
      { field: 'gone', before: '1', after: '–', changed: true },
      { field: 'scope', before: '–', after: '{"kind":"corp"}', changed: true },
      { field: 'name', before: 'a', after: 'a', changed: false },
    ])
    expect(changesOf({})).toEqual([])
  })

  it('reads whole days of the corp’s zone from the address, and ignores nonsense', () => {
    expect(timesOf('2026-11-10~2026-11-11')).toEqual({
      from: '2026-11-10T00:00:00+08:00',
      to: '2026-11-11T16:00:00.000Z',
    })
    for (const nonsense of [undefined, '', 'yesterday', '2026-11-10', '2026-99-99~2026-11-11'])
      expect(timesOf(nonsense)).toEqual({})
  })
})
