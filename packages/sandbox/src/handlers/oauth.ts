import type { GroupHandlers } from '../http/call.ts'
import { hash } from '../random.ts'
import { HALF, MEMBER_DELETED, REQUESTED } from '../world/relations.ts'
import { fail } from './scope.ts'

export const oauth: GroupHandlers<'oauth'> = {
  getUserInfo({ platform, app, ip, frequency }, { code }) {
    const { world, oauth: codes, visibility } = platform
    const taken = codes.take(code)
    const wrong =
      typeof taken === 'string'
        ? taken
        : taken.appKey === undefined || taken.appKey === app.appKey
          ? undefined
          : 'of another app'
    if (typeof taken === 'string' || wrong !== undefined) {
      // Valid codes are exempt from the limits, wrong ones are not [90312].
      return frequency.count(world.corpId, ip, '/cgi-bin/auth/getuserinfo') ?? fail(40029, `invalid code: ${wrong}`)
    }
    const { visitor, privateInfo } = taken
    if ('userid' in visitor) {
      // Also for members outside the visible range [91023].
      const member = world.staff.find(visitor.userid)
      const mayAsk = privateInfo && member !== undefined && visibility.staff(app.appKey, member.index)
      return {
        userid: visitor.userid,
        ...(mayAsk ? { user_ticket: codes.issueTicket(visitor.userid, app.appKey) } : {}),
      }
    }
    const { relations, customers } = world
    const followed = relations.ofCustomer(visitor.customer).some((row) => {
      const gone = (relations.flags(row) & (MEMBER_DELETED | REQUESTED | HALF)) !== 0
      return !gone && visibility.staff(app.appKey, relations.staffOf(row))
    })
    return {
      openid: customers.openId(visitor.customer),
      ...(followed ? { external_userid: customers.externalUserId(visitor.customer) } : {}),
    }
  },

  getUserDetail({ platform, app }, { user_ticket }) {
    const found = platform.oauth.ticket(user_ticket)
    if (found === 'expired') return fail(84014, 'user_ticket expired')
    if (found === 'unknown' || found.appKey !== app.appKey) return fail(84015, 'invalid user_ticket')
    const member = platform.world.staff.find(found.userid)
    if (member === undefined) return fail(84015, 'invalid user_ticket: the member is gone')
    const number = 10_000_000 + (hash(member.index, platform.world.seed + 90) % 90_000_000)
    return {
      userid: member.userid,
      gender: String(member.gender),
      avatar: `${platform.address.url}/faces/${member.userid}.svg`,
      qr_code: `https://open.work.weixin.qq.com/wwopen/userQRCode?vcode=vc${number}`,
      mobile: `138${number}`,
      email: '',
      biz_mail: `${member.userid}@xianguo.example`,
      address: '',
    }
  },
}
