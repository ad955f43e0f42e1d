import type { components } from '#shared/api/schema.gen.ts'
import type { Say } from '#shared/i18n/words.ts'
import type { KeyWords } from './words.ts'

export type ApiKey = components['schemas']['ApiKey']

export const keysKey = ['keys'] as const

export const scopes = [
  'orders.write',
  'orders.read',
  'products.write',
  'products.read',
  'members.write',
  'members.read',
  'events.write',
  'chats.write',
  'owners.write',
  'leaves.write',
] as const
export type Scope = (typeof scopes)[number]

/** A scope in words; one that this console does not know yet by its name. */
export function scopeName(scope: string, t: Say<KeyWords>): string {
  const known = scopes.find((one) => one === scope)
  return known === undefined ? scope : t(`scope.${known}`)
}
