import type { components } from '#shared/api/schema.gen.ts'
import type { Say } from '#shared/i18n/words.ts'
import type { Words } from './words.ts'

export type Account = components['schemas']['Account']
export type Role = Account['role']
export type Scope = Account['scope']
export type ScopeKind = Scope['kind']

export const roles = [
  'administrator',
  'operator',
  'store_manager',
  'guide',
  'auditor',
] as const satisfies readonly Role[]

/** The server's rule, so that the form offers only what will be taken. */
export const scopeKindsOf: Readonly<Record<Role, readonly ScopeKind[]>> = {
  administrator: ['corp'],
  operator: ['corp', 'region', 'store'],
  store_manager: ['store', 'region'],
  guide: ['self'],
  auditor: ['corp', 'region'],
}

export function isRole(value: string | undefined): value is Role {
  return roles.some((role) => role === value)
}

/** The scope that a role begins with. */
export function firstScope(role: Role): Scope {
  return emptyScope(scopeKindsOf[role][0] ?? 'corp')
}

export function emptyScope(kind: ScopeKind): Scope {
  if (kind === 'region') return { kind, department_ids: [] }
  if (kind === 'store') return { kind, store_ids: [] }
  return { kind }
}

export function scopeText(scope: Scope, t: Say<Words>): string {
  if (scope.kind === 'region') return t('scope.region.count', { count: scope.department_ids.length })
  if (scope.kind === 'store') return t('scope.store.count', { count: scope.store_ids.length })
  return t(`scope.${scope.kind}`)
}

/** Four words' worth of chance that can be read over the phone: 16 characters without look-alikes, 78 bits. */
export function madeUpPassword(random: (bytes: Uint8Array<ArrayBuffer>) => Uint8Array): string {
  const letters = 'abcdefghjkmnpqrstuvwxyz23456789'
  const groups: string[] = []
  while (groups.length < 4) {
    const fair = [...random(new Uint8Array(32))].filter((byte) => byte < letters.length * 8)
    const group = fair.slice(0, 4).map((byte) => letters[byte % letters.length])
    if (group.length === 4) groups.push(group.join(''))
  }
  return groups.join('-')
}
