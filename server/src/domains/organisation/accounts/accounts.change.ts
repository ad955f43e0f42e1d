import type { z } from '@hono/zod-openapi'
import { v7 as uuid } from 'uuid'
import type { Actor } from '../../../infra/auth/actor.ts'
import { hashPassword, passwordProblem } from '../../../infra/auth/passwords.ts'
import { endSessions } from '../../../infra/auth/sessions.store.ts'
import type { Database } from '../../../infra/db/database.ts'
import { AppError, notFound, type Said } from '../../../infra/errors.ts'
import type { accountChange, newAccount } from './accounts.schema.ts'
import {
  countOtherAdministrators,
  findAccount,
  insertAccount,
  removeAccount,
  setPassword,
  updateAccount,
} from './accounts.store.ts'
import { type Account, changeProblem, endsSessions, mayManage, normalUsername, standingProblem } from './accounts.ts'
import { scopeFrom, scopeView } from './accounts.view.ts'

const refuse = (problem: Said | undefined): void => {
  if (problem !== undefined) throw new AppError('rule', problem)
}

const taken = (): AppError =>
  new AppError(
    'conflict',
    {
      zh: '这个用户名已被使用，或这个企业微信成员已有账号。',
      en: 'The user name is taken, or this WeCom member has an account already.',
    },
    { hint: { zh: '请换一个用户名，或编辑已有的账号。', en: 'Choose another name, or edit the account that exists.' } },
  )

export async function makeAccount(
  db: Database,
  manager: Actor,
  wish: z.output<typeof newAccount>,
  now: Date,
): Promise<Account> {
  const username = normalUsername(wish.username)
  const wecomUserid = wish.wecom_userid ?? undefined
  const scope = scopeFrom(wish.scope, wecomUserid)
  const corpId = placeOf(manager, wish)
  refuse(standingProblem({ role: wish.role, scope, wecomUserid, hasPassword: wish.password !== null }))
  if (wish.password !== null) refuse(passwordProblem(wish.password, username))
  const id = uuid()
  const made = await insertAccount(db, {
    id,
    corpId,
    username,
    name: wish.name,
    role: wish.role,
    scope,
    wecomUserid,
    locale: wish.locale,
    passwordHash: wish.password === null ? undefined : await hashPassword(wish.password),
    createdAt: now,
    createdBy: manager.accountId,
  })
  if (!made) throw taken()
  return required(await findAccount(db, id))
}

function placeOf(manager: Actor, wish: z.output<typeof newAccount>): number | undefined {
  if (!wish.installation) {
    if (manager.corpId === 0)
      throw new AppError(
        'rule',
        {
          zh: '还没有接入企业，只能新建平台管理员。',
          en: 'No corp is connected yet; only administrators of the installation can be made.',
        },
        { hint: { zh: '请先完成接入向导。', en: 'Finish the connection guide first.' } },
      )
    return manager.corpId
  }
  const allowed = manager.installation === true && wish.role === 'administrator' && wish.wecom_userid === null
  if (!allowed)
    throw new AppError('rule', {
      zh: '平台管理员只能由平台管理员新建，角色为管理员，且用密码登录。',
      en: 'An administrator of the installation is made by another one, has the role administrator and logs in by password.',
    })
  return undefined
}

/** The account, if this manager may see it. */
export async function accountOf(db: Database, manager: Actor, id: string): Promise<Account> {
  const account = await findAccount(db, id)
  if (account === undefined || !mayManage(manager, account)) throw notFound({ zh: '账号', en: 'account' })
  return account
}

/** Changes an account; a change of rights or password ends its sessions. */
export async function changeAccount(
  db: Database,
  manager: Actor,
  id: string,
  change: z.output<typeof accountChange>,
  now: Date,
): Promise<{ before: Account; after: Account; ended: number }> {
  const passwordHash = change.password === undefined ? undefined : await hashPassword(change.password)
  return db.transaction().execute(async (tx) => {
    const others = await countOtherAdministrators(tx, (await accountOf(tx, manager, id)).corpId, id)
    const before = await accountOf(tx, manager, id)
    const role = change.role ?? before.role
    const wecomUserid = change.wecom_userid === undefined ? before.wecomUserid : (change.wecom_userid ?? undefined)
    const scope = scopeFrom(change.scope ?? scopeView(before.scope), wecomUserid)
    const hasPassword = before.hasPassword || passwordHash !== undefined
    const standing = { role, scope, wecomUserid, hasPassword }
    refuse(changeProblem(manager, before, change, others))
    refuse(standingProblem(standing))
    if (change.password !== undefined) refuse(passwordProblem(change.password, before.username))
    if (before.corpId === undefined && (role !== 'administrator' || wecomUserid !== undefined))
      refuse({
        zh: '平台管理员不能改为其他角色或关联企业微信成员。',
        en: 'An administrator of the installation keeps the role and has no WeCom member.',
      })
    const disabled = change.disabled ?? before.disabledAt !== undefined
    const values = {
      name: change.name ?? before.name,
      role,
      scope,
      wecomUserid,
      locale: change.locale ?? before.locale,
    }
    await updateAccount(tx, id, { ...values, disabledAt: disabled ? (before.disabledAt ?? now) : undefined })
    if (passwordHash !== undefined) await setPassword(tx, id, passwordHash)
    const ends = endsSessions(before, { ...standing, disabled, newPassword: passwordHash !== undefined })
    const ended = ends ? await endSessions(tx, id) : 0
    return { before, after: required(await findAccount(tx, id)), ended }
  })
}

export function deleteAccount(db: Database, manager: Actor, id: string): Promise<Account> {
  return db.transaction().execute(async (tx) => {
    const others = await countOtherAdministrators(tx, (await accountOf(tx, manager, id)).corpId, id)
    const before = await accountOf(tx, manager, id)
    refuse(changeProblem(manager, before, { removed: true }, others))
    await removeAccount(tx, id)
    return before
  })
}

function required<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('an account vanished while it was being changed')
  return value
}
