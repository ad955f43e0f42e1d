import type { z } from '@hono/zod-openapi'
import type { Scope } from '../../../infra/auth/actor.ts'
import type { accountView, scopeSchema } from './accounts.schema.ts'
import type { Account } from './accounts.ts'

/** The scope as the interface says it; whose `self` is stands in the account. */
export function scopeView(scope: Scope): z.infer<typeof scopeSchema> {
  switch (scope.kind) {
    case 'corp':
      return { kind: 'corp' }
    case 'self':
      return { kind: 'self' }
    case 'region':
      return { kind: 'region', department_ids: [...scope.departmentIds] }
    case 'store':
      return { kind: 'store', store_ids: [...scope.storeIds] }
  }
}

/** A scope of the interface with the member that `self` means; without one it sees nobody. */
export function scopeFrom(view: z.infer<typeof scopeSchema>, wecomUserid: string | undefined): Scope {
  switch (view.kind) {
    case 'corp':
      return { kind: 'corp' }
    case 'self':
      return { kind: 'self', userid: wecomUserid ?? '' }
    case 'region':
      return { kind: 'region', departmentIds: view.department_ids }
    case 'store':
      return { kind: 'store', storeIds: view.store_ids }
  }
}

export function presentAccount(account: Account, manageable: boolean): z.infer<typeof accountView> {
  return {
    id: account.id,
    username: account.username,
    name: account.name,
    role: account.role,
    scope: scopeView(account.scope),
    wecom_userid: account.wecomUserid ?? null,
    has_password: account.hasPassword,
    locale: account.locale,
    installation: account.corpId === undefined,
    disabled_at: account.disabledAt?.toISOString() ?? null,
    created_at: account.createdAt.toISOString(),
    last_seen_at: account.lastSeenAt?.toISOString() ?? null,
    manageable,
  }
}

/** What of an account the audit log keeps. */
export function auditedAccount(account: Account): Readonly<Record<string, unknown>> {
  return {
    username: account.username,
    role: account.role,
    scope: scopeView(account.scope),
    wecom_userid: account.wecomUserid ?? null,
    disabled: account.disabledAt !== undefined,
  }
}
