import type { components } from '#shared/api/schema.gen.ts'
import { type Account, firstScope, type Role, type Scope } from './account.ts'

/** What stands in the form. */
export interface Draft {
  username: string
  name: string
  role: Role
  scope: Scope
  wecomUserid: string | null
  /** Empty: none, or unchanged. */
  password: string
  locale: 'zh' | 'en'
  /** An administrator of all corps; decided when the account is made. */
  installation: boolean
}

export const newDraft: Draft = {
  username: '',
  name: '',
  role: 'operator',
  scope: firstScope('operator'),
  wecomUserid: null,
  password: '',
  locale: 'zh',
  installation: false,
}

export function draftOf(account: Account): Draft {
  return {
    username: account.username,
    name: account.name,
    role: account.role,
    scope: account.scope,
    wecomUserid: account.wecom_userid,
    password: '',
    locale: account.locale,
    installation: account.installation,
  }
}

export function newAccountOf(draft: Draft): components['schemas']['NewAccount'] {
  return {
    username: draft.username.trim(),
    name: draft.name.trim(),
    role: draft.role,
    scope: draft.scope,
    wecom_userid: draft.installation ? null : draft.wecomUserid,
    password: draft.password === '' ? null : draft.password,
    locale: draft.locale,
    installation: draft.installation,
  }
}

/** Only what was changed: an unchanged role or scope must not end anybody's sessions. */
export function changeOf(account: Account, draft: Draft): components['schemas']['AccountChange'] {
  const change: components['schemas']['AccountChange'] = {}
  if (draft.name.trim() !== account.name) change.name = draft.name.trim()
  if (draft.role !== account.role) change.role = draft.role
  if (JSON.stringify(draft.scope) !== JSON.stringify(account.scope)) change.scope = draft.scope
  if (draft.wecomUserid !== account.wecom_userid) change.wecom_userid = draft.wecomUserid
  if (draft.password !== '') change.password = draft.password
  if (draft.locale !== account.locale) change.locale = draft.locale
  return change
}
