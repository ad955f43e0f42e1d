import { Fail, fail } from '../../fail.ts'
import { accountOf, personBehind, type WeixinCall, type WeixinGroupHandlers } from './call.ts'

export const userTags: WeixinGroupHandlers<'userTags'> = {
  create(call, { tag: { name } }) {
    const account = accountOf(call)
    if (account instanceof Fail) return account
    const { menus } = account
    if (menus.tags.some((one) => one.name === name)) return fail(45157, 'invalid tag name')
    if (menus.tags.length >= call.platform.settings.limits.value('oa.user_tags_max'))
      return fail(45056, 'too many tag now, no need to add new')
    return { tag: menus.addTag(name) }
  },
  list(call) {
    const account = accountOf(call)
    if (account instanceof Fail) return account
    return { tags: account.menus.tags.map(({ id, name }) => ({ id, name, count: account.menus.count(id) })) }
  },
  tag: (call, { openid_list, tagid }) => put(call, openid_list, tagid, true),
  untag: (call, { openid_list, tagid }) => put(call, openid_list, tagid, false),
}

/** All of the list or nothing of it. */
function put(call: WeixinCall, openids: readonly string[], tag: number, on: boolean): Record<string, never> | Fail {
  const account = accountOf(call)
  if (account instanceof Fail) return account
  const { menus } = account
  if (!menus.tags.some(({ id }) => id === tag)) return fail(45159, 'invalid tag id')
  const most = call.platform.settings.limits.value('oa.user_tags_on_person')
  const people: number[] = []
  for (const openid of openids) {
    const person = personBehind(call, openid)
    if (person instanceof Fail) return fail(49003, 'not match openid with appid')
    const known = menus.tagsOf(person.customer)
    if (on && !known.includes(tag) && known.length >= most) return fail(45059, "reach max tag's number for this user")
    people.push(person.customer)
  }
  for (const customer of people) menus.setTag(customer, tag, on)
  return {}
}
