import type { Platform } from '../platform.ts'
import { notesOf } from '../world/notes.ts'

/** The platform's numbers for what a customer is [92114]. */
const WECHAT = 1
const WECOM = 2
const CORP_TAG = 1
const STRATEGY_TAG = 3
/** add_way of an acquisition link, of a code, of a card: then the customer was the one who added. */
const BY_CUSTOMER = new Set([1, 3, 16])

export function externalContact({ world, settings, address }: Platform, customer: number) {
  const { customers } = world
  const wecom = customers.isWecom(customer)
  const shown = {
    external_userid: customers.externalUserId(customer),
    name: customers.name(customer),
    avatar: `${address.url}/faces/c${customer}.svg`,
    type: wecom ? WECOM : WECHAT,
    gender: customers.gender(customer),
  }
  if (wecom) {
    const corp = customers.corpName(customer) ?? ''
    return { ...shown, position: '', corp_name: corp, corp_full_name: `${corp}有限公司` }
  }
  return settings.value.corp.developerAccountBound ? { ...shown, unionid: customers.unionId(customer) } : shown
}

function follow({ world }: Platform, row: number) {
  const { relations, staff, customers } = world
  const notes = notesOf(world, row)
  const userid = staff.at(relations.staffOf(row))?.userid ?? ''
  const addWay = relations.addWay(row)
  const state = relations.state(row)
  const fields = {
    userid,
    remark: notes.remark === '' ? customers.name(relations.customerOf(row)) : notes.remark,
    description: notes.description,
    createtime: relations.createdAt(row),
    add_way: addWay,
    oper_userid: BY_CUSTOMER.has(addWay) ? customers.externalUserId(relations.customerOf(row)) : userid,
    remark_mobiles: [...notes.remarkMobiles],
    ...(notes.remarkCompany === '' ? {} : { remark_corp_name: notes.remarkCompany }),
    ...(state === '' ? {} : { state }),
  }
  return { fields, tags: notes.tags }
}

/** A follower in `externalcontact/get`. */
export function followUser(platform: Platform, row: number) {
  const { fields, tags } = follow(platform, row)
  const named = [...tags].flatMap((id) => {
    const tag = platform.world.tags.tag(id)
    const group = tag === undefined ? undefined : platform.world.tags.group(tag.groupId)
    return tag === undefined
      ? []
      : [
          {
            group_name: group?.name ?? '',
            tag_name: tag.name,
            tag_id: tag.id,
            type: group?.strategyId === undefined ? CORP_TAG : STRATEGY_TAG,
          },
        ]
  })
  return { ...fields, tags: named }
}

/** The same in a batch page. */
export function followInfo(platform: Platform, row: number) {
  const { fields, tags } = follow(platform, row)
  return { ...fields, tag_id: [...tags] }
}
