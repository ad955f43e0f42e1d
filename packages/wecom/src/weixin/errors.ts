import { type ErrorEntries, type ErrorEntry, entry } from '../errors/entry.ts'
import * as r from '../errors/remedies.ts'

const appsecret: r.Remedy = {
  en: 'Copy the AppSecret again from the account’s console (设置与开发 → 基本配置) into the connection page.',
  zh: '请在公众号/小程序后台“设置与开发 → 基本配置”重置并重新填写 AppSecret。',
}
const whitelist: r.Remedy = {
  en: 'Add this server’s outgoing IP to the account’s IP white list (设置与开发 → 基本配置).',
  zh: '请在公众号/小程序后台“设置与开发 → 基本配置”的 IP 白名单中加入本服务器出口 IP。',
}
const openid: r.Remedy = {
  en: 'Use the openid as this very account sees the person; every account has its own.',
  zh: '请使用该账号下的 openid：同一用户在不同公众号、小程序的 openid 不同。',
}
const follow: r.Remedy = {
  en: 'The person does not follow the account: leave him out, or reach him another way.',
  zh: '该用户未关注公众号：请跳过，或改用其他触达方式。',
}
const consent: r.Remedy = {
  en: 'The person has given no consent for this template, or took it back: ask again in the mini program.',
  zh: '用户未订阅该模板或已拒收：请在小程序中重新征得订阅。',
}
const template: r.Remedy = {
  en: 'Choose a template that the account has now; the list is in its console.',
  zh: '请选择账号当前拥有的模板，可在后台模板库查看。',
}
const window: r.Remedy = {
  en: 'Wait until the person writes, scans or follows again; then a few messages may be sent.',
  zh: '需等用户再次发消息、扫码或关注后，才能在时限内下发少量客服消息。',
}
const page: r.Remedy = {
  en: 'Publish the page, or give the path of one that is published, without a leading slash or a query.',
  zh: '请填写已发布的小程序页面路径（不以 / 开头，不带参数），或先发布该页面。',
}
const menu: r.Remedy = {
  en: 'Correct the menu: at most three buttons with at most five below each, names, keys and addresses within their lengths.',
  zh: '请检查菜单：最多 3 个一级菜单、每个最多 5 个二级菜单，名称、key、链接均在长度限制内。',
}
const quota: r.Remedy = {
  en: 'The day’s or the minute’s quota of this interface is used up: go on later. The console shows the quotas.',
  zh: '该接口当日（或当前分钟）调用额度已用完，请稍后再试；额度可在账号后台查看。',
}

/** Codes of api.weixin.qq.com: the same number may mean something else in WeCom. */
export const weixinErrors: ErrorEntries = {
  [-1]: entry('the platform is busy', '系统繁忙', r.wait),
  0: entry('done', '请求成功', r.none),
  40001: entry(
    'the access token is not the latest, or the secret is wrong',
    'access_token 无效或 AppSecret 错误',
    r.token,
  ),
  40002: entry('the grant type is wrong, or the account may not', '不合法的凭证类型', r.parameter),
  40003: entry('the openid is invalid for this account', '不合法的 OpenID', openid),
  40007: entry('the media id is invalid', '不合法的媒体文件 id', r.media),
  40008: entry('the message type is invalid', '不合法的消息类型', r.parameter),
  40013: entry('the appid is invalid', '不合法的 AppID', appsecret),
  40014: entry('the access token is invalid', '不合法的 access_token', r.token),
  40016: entry('a menu has one to three buttons', '不合法的菜单按钮个数', menu),
  40017: entry('the kind of a button is invalid, or what it needs is missing', '不合法的按钮类型', menu),
  40018: entry('the name of a button is empty or too long', '不合法的按钮名称长度', menu),
  40019: entry('the key of a button is empty or too long', '不合法的按钮 KEY 长度', menu),
  40020: entry('the address of a button is missing or too long', '不合法的按钮 url 长度', menu),
  40023: entry('a button has at most five below it', '不合法的子菜单按钮个数', menu),
  40024: entry('the kind of a button below is invalid', '不合法的子菜单按钮类型', menu),
  40025: entry('the name of a button below is empty or too long', '不合法的子菜单按钮名称长度', menu),
  40026: entry('the key of a button below is empty or too long', '不合法的子菜单按钮 KEY 长度', menu),
  40027: entry('the address of a button below is missing or too long', '不合法的子菜单按钮 url 长度', menu),
  40029: entry('the code is invalid or has expired', '不合法或已过期的 code', r.expiredCode),
  40030: entry('the refresh token is invalid', '不合法的 refresh_token', r.expiredCode),
  40032: entry('the list of openids is invalid', '不合法的 openid 列表', openid),
  40035: entry('a parameter is invalid', '不合法的参数', r.parameter),
  40037: entry('the template id is invalid', '不合法的 template_id', template),
  40053: entry('the action info is invalid', '不合法的 actioninfo，请检查场景值', r.parameter),
  40054: entry('the address of a button below is none', '不合法的子菜单按钮 url 域名', menu),
  40055: entry('the address of a button is none', '不合法的菜单按钮 url 域名', menu),
  40066: entry('the address is invalid', '不合法的 url', r.parameter),
  40097: entry('a parameter is invalid', '参数错误', r.parameter),
  40125: entry('the AppSecret is wrong', '不合法的 AppSecret', appsecret),
  40129: entry('the scene is invalid', '不合法的场景值', r.parameter),
  40163: entry('the code was used already', 'code 已被使用', r.expiredCode),
  40164: entry('the server’s address is not in the white list', '调用接口的 IP 不在白名单中', whitelist),
  40165: entry('the path of the mini program’s page is invalid', '不合法的小程序页面路径', page),
  40212: entry('the query is invalid', '不合法的 query 参数', r.parameter),
  40226: entry('the user is blocked for high risk', '高风险等级用户，登录被拦截', r.none),
  41001: entry('the access token is missing', '缺少 access_token 参数', r.parameter),
  41002: entry('the appid is missing', '缺少 appid 参数', appsecret),
  41003: entry('the refresh token is missing', '缺少 refresh_token 参数', r.parameter),
  41004: entry('the secret is missing', '缺少 secret 参数', appsecret),
  41008: entry('the code is missing', '缺少 code 参数', r.parameter),
  41009: entry('the openid is missing', '缺少 openid 参数', r.parameter),
  41030: entry('the page does not exist or is not published', '页面不存在或未发布', page),
  42001: entry('the access token has expired', 'access_token 已过期', r.token),
  42002: entry('the refresh token has expired', 'refresh_token 已过期', r.expiredCode),
  42003: entry('the code has expired', 'code 已过期', r.expiredCode),
  43004: entry('the person does not follow the account', '需要用户关注公众号', follow),
  43101: entry('the person has not subscribed, or refuses', '用户拒绝接受消息或未订阅', consent),
  43107: entry('the right to send subscribe messages is banned', '订阅消息能力已被封禁', r.permission),
  44002: entry('the body is empty', 'POST 数据为空', r.parameter),
  44004: entry('the text is empty', '文本消息内容为空', r.parameter),
  44990: entry('too many links a second', '生成链接频率过高', quota),
  45009: entry('the quota of the interface is used up', '接口调用超过限额', quota),
  45011: entry('the interface was called too often', 'API 调用太频繁，请稍候再试', quota),
  45015: entry('the time to answer is over, or the person has left', '回复时间超过限制', window),
  45029: entry('the account has too many codes of this kind', '生成码个数总和到达最大个数限制', r.capacity),
  45047: entry('too many messages in this window', '客服接口下行条数超过上限', window),
  45056: entry('the account has too many tags', '创建的标签数过多', r.capacity),
  45059: entry('the person has too many tags', '粉丝身上的标签数过多', r.capacity),
  45157: entry('a tag of this name exists', '标签名非法，不能和其他标签重名', r.parameter),
  45158: entry('the name of the tag is too long', '标签名长度超过限制', r.parameter),
  45159: entry('there is no such tag', '非法的标签 id', r.parameter),
  45168: entry('the content has a forbidden word', '命中敏感词', r.forbidden),
  46003: entry('the account has no menu', '不存在的菜单数据', menu),
  47001: entry('the body is no JSON', '解析 JSON 内容错误', r.parameter),
  47003: entry('a value breaks the rule of its field', '模板参数不符合规则', r.parameter),
  48001: entry('the account may not call this interface', 'api 功能未授权', r.permission),
  48002: entry('the person refuses messages of the account', '用户拒收公众号消息', follow),
  49003: entry('an openid is not of this account', '传入的 openid 不属于此 AppID', openid),
  50001: entry('the account is not authorised for it', '用户未授权该 api', r.permission),
  50002: entry('the account is limited', '用户受限，可能是违规后接口被封禁', r.permission),
  65301: entry('there is no such conditional menu', '不存在此 menuid 对应的个性化菜单', menu),
  65302: entry('there is no such person', '没有相应的用户', openid),
  65303: entry('a conditional menu needs a default one first', '没有默认菜单，不能创建个性化菜单', menu),
  65304: entry('the rule of a conditional menu is empty', 'MatchRule 信息为空', menu),
  65307: entry('a conditional menu needs a rule', '个性化菜单信息为空', menu),
  65320: entry('a conditional menu may not choose by sex, place or language', '个性化菜单不再支持按隐私信息匹配', menu),
  85079: entry('the mini program is not published', '小程序没有线上版本', page),
  85400: entry('links that last forever reached their cap', '长期有效链接达到上限', r.capacity),
  85401: entry('the life of the link is wrong', '链接有效期设置有误', r.parameter),
}

/** The entry of a code of api.weixin.qq.com; an unknown one gets a general one. */
export function explainWeixin(errcode: number): ErrorEntry {
  return (
    weixinErrors[errcode] ?? {
      meaning: 'an error that this version does not know',
      meaningZh: '本版本尚未收录的错误码',
      remedy:
        'Look the code up at https://developers.weixin.qq.com/doc/oplatform/Return_codes/Return_code_descriptions_new.html',
      remedyZh:
        '请到 https://developers.weixin.qq.com/doc/oplatform/Return_codes/Return_code_descriptions_new.html 查询该错误码',
    }
  )
}
