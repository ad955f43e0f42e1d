/** What a key of another system may do. */
export const keyScopes = [
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
export type KeyScope = (typeof keyScopes)[number]

/** Another system that asks with its key; what it sees and tells is of one corp only. */
export interface Caller {
  readonly keyId: string
  readonly corpId: number
  readonly scopes: readonly string[]
}
