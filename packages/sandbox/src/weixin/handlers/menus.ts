import { Fail, fail } from '../../fail.ts'
import type { WeixinAccount } from '../accounts.ts'
import { accountOf, personBehind, type WeixinCall, type WeixinGroupHandlers } from './call.ts'

const own = (call: WeixinCall): WeixinAccount | Fail => accountOf(call)
const plain = <T>(things: readonly T[]): T[] => [...things]

export const menus: WeixinGroupHandlers<'menus'> = {
  create(call, { button }) {
    const account = own(call)
    if (account instanceof Fail) return account
    account.menus.create(button)
    return {}
  },
  get(call) {
    const account = own(call)
    if (account instanceof Fail) return account
    const { menu, conditional } = account.menus
    if (menu === undefined) return fail(46003, 'menu no exist')
    // an id is told only where there are menus to tell apart
    if (conditional.length === 0) return { menu: { button: plain(menu.button) } }
    return {
      menu: { button: plain(menu.button), menuid: menu.menuid },
      conditionalmenu: conditional.map(({ menuid, button, matchrule }) => ({
        button: plain(button),
        menuid,
        matchrule: Object.fromEntries(
          Object.entries(matchrule).flatMap(([name, value]) => (typeof value === 'string' ? [[name, value]] : [])),
        ),
      })),
    }
  },
  delete(call) {
    const account = own(call)
    if (account instanceof Fail) return account
    account.menus.clear()
    return {}
  },
  addConditional(call, { button, matchrule }) {
    const account = own(call)
    if (account instanceof Fail) return account
    if (account.menus.menu === undefined) return fail(65303, 'there is no selfmenu, please create selfmenu first')
    const tag = matchrule.tag_id
    if (tag !== undefined && !account.menus.tags.some(({ id }) => String(id) === tag))
      return fail(45159, 'invalid tag id')
    return { menuid: String(account.menus.addConditional(button, matchrule)) }
  },
  deleteConditional(call, { menuid }) {
    const account = own(call)
    if (account instanceof Fail) return account
    return account.menus.removeConditional(Number(menuid)) ? {} : fail(65301, 'not exist menuid')
  },
  tryMatch(call, { user_id }) {
    const person = personBehind(call, user_id)
    if (person instanceof Fail) return person.errcode === 40003 ? fail(65302, 'there is no such user') : person
    const menu = person.account.menus.seenBy(person.customer)
    return menu === undefined ? fail(46003, 'menu no exist') : { button: plain(menu.button) }
  },
}
