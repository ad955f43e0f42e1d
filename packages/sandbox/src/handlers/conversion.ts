import type { GroupHandlers } from '../http/call.ts'
import { fixedText } from '../world/identity.ts'
import { fail } from './scope.ts'

export const miniprogram: GroupHandlers<'miniprogram'> = {
  code2Session({ platform }, { js_code }) {
    const login = platform.weixin.logins.take(js_code)
    if (typeof login === 'string' || !('userid' in login.visitor)) return fail(40029, 'invalid code')
    return { corpid: platform.world.corpId, userid: login.visitor.userid, session_key: login.sessionKey }
  },
}

export const conversion: GroupHandlers<'conversion'> = {
  opengidToChatId({ platform, app }, { opengid }) {
    const { groups, staff, seed } = platform.world
    const group = groups.all().find((one) => !one.dismissed && opengidOf(seed, one.chatId) === opengid)
    const owner = group === undefined ? undefined : staff.find(group.owner)
    if (group === undefined || owner === undefined) return fail(90511, 'invalid opengid')
    if (!platform.visibility.staff(app.appKey, owner.index)) return fail(60011, 'no privilege to access the group')
    return { chat_id: group.chatId }
  },
  // No token of the sandbox is a service provider's, so the frame refuses every call before [realities 16].
  unionidToExternalUserId: () => fail(48002, 'api forbidden: for third-party and 代开发 apps only'),
  externalUserIdToPendingId: () => fail(48002, 'api forbidden: for third-party and 代开发 apps only'),
}

/** What a mini program opened in a customer group learns of it (`wx.getGroupEnterInfo`). */
export function opengidOf(seed: number, chatId: string): string {
  return `o${fixedText(`${seed}:opengid:${chatId}`, 27)}`
}
