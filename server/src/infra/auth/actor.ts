/** Who asks, what he may do and whose data he sees. Rules only; sessions and accounts are in the organisation room. */

export const roleNames = ['administrator', 'operator', 'store_manager', 'guide', 'auditor'] as const
export type RoleName = (typeof roleNames)[number]

export const permissions = [
  'today.read',
  'channels.read',
  'channels.write',
  'welcome.read',
  'welcome.write',
  'customers.read',
  'customers.reveal',
  'customers.write',
  'customers.sync',
  'customers.erase',
  'customers.merge',
  'customers.assign',
  'tags.write',
  'customers.define',
  'audiences.write',
  'customers.export',
  'customers.export_any',
  'staff.read',
  'staff.write',
  'leaves.write',
  'stores.read',
  'stores.write',
  'callbacks.read',
  'callbacks.body',
  'callbacks.replay',
  'limits.read',
  'limits.write',
  'guide.read',
  'guide.write',
  'system.read',
  'operations.read',
  'operations.cancel',
  'accounts.read',
  'accounts.write',
  'audit.read',
  'sandbox.control',
  'orders.read',
  'products.read',
  'keys.read',
  'keys.write',
  'imports.read',
  'imports.write',
  'connectors.read',
  'connectors.write',
  'governor.read',
  'governor.write',
  'campaigns.read',
  'campaigns.write',
  'campaigns.approve',
] as const
export type Permission = (typeof permissions)[number]

const everything = new Set<Permission>(permissions)

const operator = new Set<Permission>(
  permissions.filter(
    (p) =>
      ![
        'accounts.write',
        'audit.read',
        'guide.write',
        'limits.write',
        'callbacks.body',
        'customers.erase',
        'customers.export_any',
        'keys.write',
        'connectors.write',
        'campaigns.approve',
      ].includes(p),
  ),
)

/** One line a rule: what each role may do. */
export const permissionsOf: Readonly<Record<RoleName, ReadonlySet<Permission>>> = {
  administrator: everything,
  operator,
  store_manager: new Set([
    'today.read',
    'channels.read',
    'welcome.read',
    'customers.read',
    'customers.write',
    'customers.assign',
    'staff.read',
    'leaves.write',
    'stores.read',
    'operations.read',
    'orders.read',
    'products.read',
  ]),
  guide: new Set(['today.read', 'customers.read', 'customers.write', 'orders.read', 'products.read']),
  auditor: new Set([
    'today.read',
    'channels.read',
    'welcome.read',
    'customers.read',
    'staff.read',
    'stores.read',
    'callbacks.read',
    'limits.read',
    'system.read',
    'accounts.read',
    'audit.read',
    'operations.read',
    'orders.read',
    'products.read',
    'keys.read',
    'imports.read',
    'connectors.read',
    'governor.read',
    'campaigns.read',
  ]),
}

/** Whose customers and staff he sees: his own, his stores', a region's subtree, the corp's. */
export type Scope =
  | { readonly kind: 'corp' }
  | { readonly kind: 'region'; readonly departmentIds: readonly number[] }
  | { readonly kind: 'store'; readonly storeIds: readonly string[] }
  | { readonly kind: 'self'; readonly userid: string }

export interface Actor {
  readonly accountId: string
  readonly name: string
  readonly role: RoleName
  readonly corpId: number
  readonly scope: Scope
  readonly locale: 'zh' | 'en'
  /** An administrator of the installation, at home in every corp. */
  readonly installation?: boolean
}

export function may(actor: Actor, permission: Permission): boolean {
  return permissionsOf[actor.role].has(permission)
}

/** Personal data (phone, real name, message bodies) is masked for everybody else: who serves the customer sees it. */
const seers: ReadonlySet<RoleName> = new Set(['administrator', 'store_manager', 'guide'])

export function seesPersonalDataIn(role: RoleName): boolean {
  return seers.has(role)
}

export function seesPersonalData(actor: Actor): boolean {
  return seesPersonalDataIn(actor.role)
}

/** The roles that hold a permission: whom a refusal names as able to grant or do it. */
export function rolesWith(permission: Permission): readonly RoleName[] {
  return roleNames.filter((role) => permissionsOf[role].has(permission))
}
