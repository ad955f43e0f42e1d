import { describe, expect, it } from 'vitest'
import type { Account } from './account.ts'
import { changeOf, draftOf, newAccountOf, newDraft } from './draft.ts'

const account: Account = {
  id: '1',
  username: 'chen',
  name: '陈',
  role: 'store_manager',
  scope: { kind: 'store', store_ids: ['a'] },
  wecom_userid: 'chenxiaoyu',
  has_password: true,
  locale: 'zh',
  installation: false,
  disabled_at: null,
  created_at: '2026-11-11T00:00:00Z',
  last_seen_at: null,
  manageable: true,
}

describe('a change of an account', () => {
  it('sends nothing that stayed as it was: unchanged rights must not end log-ins', () => {
    expect(changeOf(account, draftOf(account))).toEqual({})
    expect(changeOf(account, { ...draftOf(account), name: ' 陈晓雨 ' })).toEqual({ name: '陈晓雨' })
  })

  it('sends what was changed, an unlinked member and a new password too', () => {
    const draft = {
      ...draftOf(account),
      role: 'operator' as const,
      scope: { kind: 'corp' as const },
      wecomUserid: null,
      password: 'a new long one',
    }
    expect(changeOf(account, draft)).toEqual({
      role: 'operator',
      scope: { kind: 'corp' },
      wecom_userid: null,
      password: 'a new long one',
    })
  })

  it('makes an account without a password as one that logs in by scan', () => {
    const draft = { ...newDraft, username: ' chen ', name: '陈', wecomUserid: 'chenxiaoyu' }
    expect(newAccountOf(draft)).toMatchObject({
      username: 'chen',
      password: null,
      wecom_userid: 'chenxiaoyu',
      installation: false,
    })
    expect(newAccountOf({ ...draft, installation: true })).toMatchObject({ wecom_userid: null, installation: true })
  })
})
