import type { components } from '#shared/api/schema.gen.ts'

export type Connector = components['schemas']['Connector']
export const connectorsKey = ['connectors'] as const

export const factKinds = ['orders', 'members', 'products', 'events'] as const
export type FactKind = (typeof factKinds)[number]

/** Fields that a mapping begins with; others can be named in the interface. */
export const usualFields: Readonly<Record<FactKind, readonly string[]>> = {
  orders: [
    ...['number', 'updated_at', 'ordered_at', 'paid_at', 'amount', 'customer.unionid', 'customer.member_no'],
    ...['customer.phone', 'lines[].product', 'lines[].name', 'lines[].quantity', 'lines[].price', 'store', 'channel'],
  ],
  members: [
    'number',
    'updated_at',
    'name',
    'level',
    'points',
    'joined_at',
    'customer.unionid',
    'customer.phone',
    'store',
  ],
  products: ['number', 'updated_at', 'name', 'category', 'price', 'stock', 'image'],
  events: ['number', 'name', 'at', 'customer.unionid', 'customer.member_no'],
}

export function stateOf(one: Connector): 'off' | 'failing' | 'ok' | 'waiting' {
  if (!one.enabled) return 'off'
  if (one.failure !== null) return 'failing'
  return one.last_ok_at === null ? 'waiting' : 'ok'
}
