import { hasTextScene, isPermanentCode, type weixinCatalogue } from '@nuanyu/wecom'
import type { z } from 'zod'
import { Fail, fail } from '../../fail.ts'
import { accountOf, personBehind, type WeixinCall, type WeixinGroupHandlers } from './call.ts'

export const followers: WeixinGroupHandlers<'followers'> = {
  get: (call, { openid, lang }) => shown(call, openid, lang),

  batchGet(call, { user_list }) {
    const user_info_list = []
    for (const { openid, lang } of user_list) {
      const one = shown(call, openid, lang)
      if (one instanceof Fail) return one
      user_info_list.push(one)
    }
    return { user_info_list }
  },

  list(call, { next_openid = '' }) {
    const account = accountOf(call)
    if (account instanceof Fail) return account
    const { weixin, settings } = call.platform
    const after = next_openid === '' ? -1 : account.customerOf(next_openid)
    if (after === undefined) return fail(40003, 'invalid openid')
    const { customers } = weixin.followers.page(after + 1, settings.limits.value('oa.user_page_max'))
    const openid = customers.map(account.openId)
    const counted = { total: weixin.followers.total(), count: openid.length, next_openid: openid.at(-1) ?? '' }
    return openid.length === 0 ? counted : { ...counted, data: { openid } }
  },
}

type Shown = z.input<(typeof weixinCatalogue)['followers']['get']['response']>

/** Nothing but the openid of somebody who does not follow; neither name nor picture of anybody. */
function shown(call: WeixinCall, openId: string, lang = 'zh_CN'): Shown | Fail {
  const person = personBehind(call, openId)
  if (person instanceof Fail) return person
  const { weixin } = call.platform
  const follow = weixin.followers.of(person.customer)
  if (follow?.following !== true) return { subscribe: 0, openid: openId }
  const unionid = weixin.unionIdOf(person.account, person.customer)
  return {
    subscribe: 1,
    openid: openId,
    language: lang,
    subscribe_time: follow.atS,
    ...(unionid === undefined ? {} : { unionid }),
    remark: '',
    groupid: 0,
    tagid_list: [],
    subscribe_scene: follow.scene,
    qr_scene: follow.qrIsText || follow.qrScene === '' ? 0 : Number(follow.qrScene),
    qr_scene_str: follow.qrIsText ? follow.qrScene : '',
  }
}

export const qrcodes: WeixinGroupHandlers<'qrcodes'> = {
  create(call, { action_name, action_info, expire_seconds }) {
    const account = accountOf(call)
    if (account instanceof Fail) return account
    const { clock, settings, weixin } = call.platform
    const { value } = settings.limits
    const isText = hasTextScene(action_name)
    const scene = isText ? (action_info.scene.scene_str ?? '') : String(action_info.scene.scene_id ?? '')
    const base = { account: account.appKey, scene, isText, createdMs: clock.now() }
    if (isPermanentCode(action_name)) {
      if (!isText && Number(scene) > value('oa.qr_permanent_scene_id_max')) return fail(40129, 'invalid scene')
      const known = weixin.scenes.permanent(account.appKey, scene, isText)
      if (known === undefined && weixin.scenes.permanentCount(account.appKey) >= value('oa.qr_permanent_max'))
        return fail(45029, 'qrcode count out of limit')
      const made = known ?? weixin.scenes.add({ ...base, permanent: true, expiresMs: null })
      return { ticket: made.ticket, url: made.url }
    }
    const ttlS = expire_seconds ?? value('oa.qr_temp_ttl_default_s')
    const made = weixin.scenes.add({ ...base, permanent: false, expiresMs: clock.now() + ttlS * 1000 })
    return { ticket: made.ticket, expire_seconds: ttlS, url: made.url }
  },
}
