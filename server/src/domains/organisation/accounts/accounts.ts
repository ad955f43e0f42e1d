import type { Actor, RoleName, Scope } from '../../../infra/auth/actor.ts'
import type { Said } from '../../../infra/errors.ts'

/** One who may log in. `corpId` undefined: an administrator of the installation, at home in every corp. */
export interface Account {
  readonly id: string
  readonly corpId: number | undefined
  readonly username: string
  readonly name: string
  readonly role: RoleName
  readonly scope: Scope
  readonly wecomUserid: string | undefined
  readonly hasPassword: boolean
  readonly locale: 'zh' | 'en'
  readonly disabledAt: Date | undefined
  readonly createdAt: Date
  readonly createdBy: string
  readonly lastSeenAt: Date | undefined
}

/** Which scopes a role may have: a guide sees his own, nobody administers a part of a brand. */
export const scopesOf: Readonly<Record<RoleName, readonly Scope['kind'][]>> = {
  administrator: ['corp'],
  operator: ['corp', 'region', 'store'],
  store_manager: ['store', 'region'],
  guide: ['self'],
  auditor: ['corp', 'region'],
}

export interface Standing {
  readonly role: RoleName
  readonly scope: Scope
  readonly wecomUserid: string | undefined
  readonly hasPassword: boolean
}

/** What is wrong with role, scope and ways in together; undefined: they fit. */
export function standingProblem({ role, scope, wecomUserid, hasPassword }: Standing): Said | undefined {
  if (!scopesOf[role].includes(scope.kind))
    return {
      zh: `这个角色的数据范围只能是：${scopesOf[role].map((kind) => scopeWords[kind].zh).join('、')}。`,
      en: `This role’s data scope can only be: ${scopesOf[role].map((kind) => scopeWords[kind].en).join(', ')}.`,
    }
  if (scope.kind === 'self' && wecomUserid === undefined)
    return { zh: '「仅本人」需要关联一个企业微信成员。', en: 'The scope “self” needs a linked WeCom member.' }
  if (scope.kind === 'store' && scope.storeIds.length === 0)
    return { zh: '请至少选择一家门店。', en: 'Choose at least one store.' }
  if (scope.kind === 'region' && scope.departmentIds.length === 0)
    return { zh: '请至少选择一个部门。', en: 'Choose at least one department.' }
  if (!hasPassword && wecomUserid === undefined)
    return {
      zh: '请设置密码或关联企业微信成员，否则无法登录。',
      en: 'Set a password or link a WeCom member, or nobody can log in with it.',
    }
  return undefined
}

const scopeWords: Readonly<Record<Scope['kind'], Said>> = {
  corp: { zh: '全企业', en: 'the whole corp' },
  region: { zh: '区域部门', en: 'departments' },
  store: { zh: '门店', en: 'stores' },
  self: { zh: '仅本人', en: 'own customers' },
}

/** An administrator of a corp has no hand in the accounts of the installation. */
export function mayManage(actor: Actor, account: Pick<Account, 'corpId'>): boolean {
  return account.corpId === undefined ? actor.installation === true : account.corpId === actor.corpId
}

export interface Change {
  readonly role?: RoleName | undefined
  readonly disabled?: boolean | undefined
  readonly removed?: boolean | undefined
}

/** Why the change is refused: nobody shuts himself out, and one administrator who can get in stays. */
export function changeProblem(
  actor: Pick<Actor, 'accountId'>,
  account: Account,
  change: Change,
  otherAdministrators: number,
): Said | undefined {
  const leaves = change.disabled === true || change.removed === true
  const demoted = change.role !== undefined && change.role !== account.role
  if (account.id === actor.accountId && (leaves || demoted))
    return {
      zh: '不能停用、删除自己的账号或更改自己的角色，请由另一位管理员操作。',
      en: 'You cannot disable or delete your own account or change your own role; ask another administrator.',
    }
  if (
    account.role === 'administrator' &&
    account.disabledAt === undefined &&
    (leaves || demoted) &&
    otherAdministrators === 0
  )
    return {
      zh: '这是最后一位可用的管理员，请先设置另一位。',
      en: 'This is the last administrator who can log in; make another one first.',
    }
  return undefined
}

/** Rights and secrets that changed must count at once: such a change ends the account's sessions. */
export function endsSessions(
  before: Account,
  after: Standing & { readonly disabled: boolean; readonly newPassword: boolean },
): boolean {
  return (
    after.newPassword ||
    after.disabled ||
    before.role !== after.role ||
    before.wecomUserid !== after.wecomUserid ||
    JSON.stringify(before.scope) !== JSON.stringify(after.scope)
  )
}

/** User names are the same however they are typed: lower case, no spaces around, full-width letters folded. */
export function normalUsername(typed: string): string {
  return typed.normalize('NFKC').trim().toLowerCase()
}
