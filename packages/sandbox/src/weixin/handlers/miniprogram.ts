import QRCode from 'qrcode'
import { Drawn, Fail, fail } from '../../fail.ts'
import { accountOf, type WeixinCall, type WeixinGroupHandlers } from './call.ts'

export const wxacodes: WeixinGroupHandlers<'wxacodes'> = {
  async getUnlimited(call, { scene, page, check_path = true, env_version = 'release', width }) {
    const account = accountOf(call)
    if (account instanceof Fail) return account
    const { settings, weixin } = call.platform
    const { published, pages } = settings.value.weixin
    if (env_version === 'release' && !published) return fail(85079, 'miniprogram has no online release')
    if (check_path && page !== undefined && !pages.includes(page)) return fail(41030, 'invalid page')
    const content = weixin.wxacodeContent(account, page ?? homeOf(call), scene)
    const size = width ?? settings.limits.value('mp.qr_width_default')
    const png = await QRCode.toBuffer(content, { width: size, margin: 2, errorCorrectionLevel: 'M' })
    return new Drawn('image/png', new Uint8Array(png))
  },
}

const homeOf = ({ platform }: WeixinCall): string => platform.settings.value.weixin.pages[0] ?? ''
const SECOND = 1000
const DAY_S = 86_400

export const links: WeixinGroupHandlers<'links'> = {
  generateUrlLink(call, { path, query = '', expire_type = 0, expire_time, expire_interval, env_version }) {
    const account = accountOf(call)
    if (account instanceof Fail) return account
    const { clock, settings, weixin } = call.platform
    const { value } = settings.limits
    const { published, pages } = settings.value.weixin
    if ((env_version ?? 'release') === 'release' && !published) return fail(85079, 'miniprogram has no online release')
    const page = path?.replace(/^\//, '') ?? ''
    if (page !== '' && !pages.includes(page)) return fail(40165, 'invalid weapp pagepath')
    const nowS = Math.floor(clock.now() / SECOND)
    const longest = nowS + value('mp.link_days_max') * DAY_S
    const ends = expire_type === 1 ? nowS + (expire_interval ?? 0) * DAY_S : (expire_time ?? longest)
    if (ends <= nowS || ends > longest) return fail(85401, 'time limit between 1min and 30 days')
    if (!weixin.desk.ofToday(`links ${account.appKey}`, value('mp.links_per_day')))
      return fail(45009, 'reach max api daily quota limit')
    return {
      url_link: weixin.addLink(account, { page: page === '' ? homeOf(call) : page, query, untilMs: ends * SECOND }),
    }
  },
}
