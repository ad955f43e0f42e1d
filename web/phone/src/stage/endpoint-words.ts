import type { Language } from '#shared/i18n/i18n.ts'

/** What a call is for, by the end of its path; a path without an entry is shown as it is. */
const ENDPOINTS: Readonly<Record<string, readonly [zh: string, en: string]>> = {
  gettoken: ['获取访问凭证', 'Get access token'],
  get_api_domain_ip: ['查询平台出口 IP', 'Read platform IPs'],
  getcallbackip: ['查询回调 IP', 'Read callback IPs'],
  'department/list': ['读取部门', 'List departments'],
  'department/simplelist': ['读取部门 ID', 'List department ids'],
  'department/get': ['读取部门详情', 'Get department'],
  'user/get': ['读取成员', 'Get member'],
  'user/simplelist': ['读取部门成员', 'List members (simple)'],
  'user/list': ['读取部门成员详情', 'List members'],
  'user/list_id': ['读取成员 ID', 'List member ids'],
  'externalcontact/get_follow_user_list': ['读取客户联系成员', 'List members with customer contact'],
  'externalcontact/list': ['读取客户列表', 'List customers'],
  'externalcontact/get': ['读取客户详情', 'Get customer'],
  'externalcontact/batch/get_by_user': ['批量读取客户', 'Get customers by member'],
  'externalcontact/remark': ['修改客户备注', 'Set remark'],
  'externalcontact/get_strategy_tag_list': ['读取规则组标签', 'List strategy tags'],
  'externalcontact/get_corp_tag_list': ['读取企业标签', 'List corp tags'],
  'externalcontact/add_corp_tag': ['新建企业标签', 'Add corp tag'],
  'externalcontact/edit_corp_tag': ['编辑企业标签', 'Edit corp tag'],
  'externalcontact/del_corp_tag': ['删除企业标签', 'Delete corp tag'],
  'externalcontact/add_strategy_tag': ['新建规则组标签', 'Add strategy tag'],
  'externalcontact/edit_strategy_tag': ['编辑规则组标签', 'Edit strategy tag'],
  'externalcontact/del_strategy_tag': ['删除规则组标签', 'Delete strategy tag'],
  'externalcontact/add_msg_template': ['创建企业群发', 'Make a mass send'],
  'externalcontact/get_groupmsg_list_v2': ['读取群发记录', 'List mass sends'],
  'externalcontact/get_groupmsg_task': ['读取群发成员', 'Read who confirmed'],
  'externalcontact/get_groupmsg_send_result': ['读取群发结果', 'Read what was sent'],
  'externalcontact/remind_groupmsg_send': ['提醒成员群发', 'Remind members'],
  'externalcontact/cancel_groupmsg_send': ['停止企业群发', 'Cancel a mass send'],
  'externalcontact/add_moment_task': ['创建朋友圈', 'Make a Moment'],
  'externalcontact/get_moment_task_result': ['查询朋友圈创建结果', 'Read a Moment’s job'],
  'externalcontact/cancel_moment_task': ['停止发表朋友圈', 'Cancel a Moment'],
  'externalcontact/get_moment_list': ['读取朋友圈列表', 'List Moments'],
  'externalcontact/get_moment_task': ['读取朋友圈发表成员', 'Read who published'],
  'externalcontact/get_moment_customer_list': ['读取朋友圈可见客户', 'Read who may see a Moment'],
  'externalcontact/get_moment_send_result': ['读取朋友圈发送结果', 'Read who was shown a Moment'],
  'externalcontact/get_moment_comments': ['读取朋友圈互动', 'Read a Moment’s likes and comments'],
  'message/update_template_card': ['更新卡片', 'Change a card'],
  'externalcontact/opengid_to_chatid': ['换取客户群 ID', 'Name a group by its opengid'],
  'miniprogram/jscode2session': ['小程序登录', 'Mini program log-in'],
  'idconvert/unionid_to_external_userid': ['unionid 换客户 ID', 'Find a customer by unionid'],
  'idconvert/batch/external_userid_to_pending_id': ['客户 ID 换待定 ID', 'Find pending ids'],
  'externalcontact/mark_tag': ['给客户打标签', 'Mark tags'],
  'externalcontact/add_contact_way': ['新建「联系我」', 'Add contact way'],
  'externalcontact/get_contact_way': ['读取「联系我」', 'Get contact way'],
  'externalcontact/list_contact_way': ['列出「联系我」', 'List contact ways'],
  'externalcontact/update_contact_way': ['更新「联系我」', 'Update contact way'],
  'externalcontact/del_contact_way': ['删除「联系我」', 'Delete contact way'],
  'externalcontact/close_temp_chat': ['结束临时会话', 'Close temporary chat'],
  'customer_acquisition/list_link': ['列出获客链接', 'List acquisition links'],
  'customer_acquisition/get': ['读取获客链接', 'Get acquisition link'],
  'customer_acquisition/create_link': ['新建获客链接', 'Create acquisition link'],
  'customer_acquisition/update_link': ['更新获客链接', 'Update acquisition link'],
  'customer_acquisition/delete_link': ['删除获客链接', 'Delete acquisition link'],
  customer_acquisition_quota: ['查询获客额度', 'Get acquisition quota'],
  'externalcontact/groupchat/list': ['列出客户群', 'List groups'],
  'externalcontact/groupchat/get': ['读取客户群', 'Get group'],
  'externalcontact/groupchat/add_join_way': ['新建群活码', 'Add join way'],
  'externalcontact/groupchat/get_join_way': ['读取群活码', 'Get join way'],
  'externalcontact/groupchat/update_join_way': ['更新群活码', 'Update join way'],
  'externalcontact/groupchat/del_join_way': ['删除群活码', 'Delete join way'],
  'externalcontact/send_welcome_msg': ['发送欢迎语', 'Send welcome'],
  'externalcontact/group_welcome_template/add': ['新建入群欢迎语', 'Add group welcome'],
  'externalcontact/group_welcome_template/edit': ['编辑入群欢迎语', 'Edit group welcome'],
  'externalcontact/group_welcome_template/get': ['读取入群欢迎语', 'Get group welcome'],
  'externalcontact/group_welcome_template/del': ['删除入群欢迎语', 'Delete group welcome'],
  'externalcontact/get_user_behavior_data': ['读取联系客户统计', 'Read contact statistics'],
  'media/upload': ['上传临时素材', 'Upload media'],
  'media/upload_attachment': ['上传附件', 'Upload attachment'],
  'media/uploadimg': ['上传图片', 'Upload picture'],
  'media/get': ['下载素材', 'Download media'],
  'message/send': ['发送应用消息', 'Send app message'],
  'message/recall': ['撤回应用消息', 'Recall app message'],
  get_jsapi_ticket: ['获取 JS 票据', 'Get JS ticket'],
  'ticket/get': ['获取应用 JS 票据', 'Get app JS ticket'],
  'auth/getuserinfo': ['网页登录取身份', 'OAuth: who is it'],
  'auth/getuserdetail': ['网页登录取详情', 'OAuth: details'],
  'agent/get': ['读取应用', 'Get app'],
}

/** The same of WeChat's own interface, by the whole path; faults are not made there. */
const WEIXIN: Readonly<Record<string, readonly [zh: string, en: string]>> = {
  '/weixin/cgi-bin/token': ['获取公众号凭证', 'Get account token'],
  '/weixin/cgi-bin/stable_token': ['获取公众号稳定凭证', 'Get stable account token'],
  '/weixin/cgi-bin/user/info': ['读取粉丝', 'Get follower'],
  '/weixin/cgi-bin/user/info/batchget': ['批量读取粉丝', 'Get followers'],
  '/weixin/cgi-bin/user/get': ['读取粉丝列表', 'List followers'],
  '/weixin/cgi-bin/qrcode/create': ['新建带参二维码', 'Create code with a scene'],
  '/weixin/cgi-bin/message/custom/send': ['发送客服消息', 'Send service message'],
  '/weixin/cgi-bin/message/template/send': ['发送模板消息', 'Send template message'],
  '/weixin/cgi-bin/message/subscribe/send': ['发送订阅消息', 'Send subscribe message'],
  '/weixin/cgi-bin/message/subscribe/bizsend': ['发送订阅通知', 'Send notice'],
  '/weixin/cgi-bin/template/get_all_private_template': ['读取模板列表', 'List templates'],
  '/weixin/wxaapi/newtmpl/gettemplate': ['读取订阅消息模板', 'List subscribe templates'],
  '/weixin/cgi-bin/menu/create': ['创建公众号菜单', 'Create menu'],
  '/weixin/cgi-bin/menu/get': ['读取公众号菜单', 'Get menu'],
  '/weixin/cgi-bin/menu/delete': ['删除公众号菜单', 'Delete menu'],
  '/weixin/cgi-bin/menu/addconditional': ['创建个性化菜单', 'Create conditional menu'],
  '/weixin/cgi-bin/menu/delconditional': ['删除个性化菜单', 'Delete conditional menu'],
  '/weixin/cgi-bin/menu/trymatch': ['测试个性化菜单', 'Try the menu of a person'],
  '/weixin/cgi-bin/tags/create': ['新建粉丝标签', 'Create follower tag'],
  '/weixin/cgi-bin/tags/get': ['读取粉丝标签', 'List follower tags'],
  '/weixin/cgi-bin/tags/members/batchtagging': ['给粉丝打标签', 'Tag followers'],
  '/weixin/cgi-bin/tags/members/batchuntagging': ['取消粉丝标签', 'Untag followers'],
  '/weixin/sns/oauth2/access_token': ['网页授权换取身份', 'Who opened the page'],
  '/weixin/sns/oauth2/refresh_token': ['刷新网页授权', 'Refresh web authorisation'],
  '/weixin/sns/userinfo': ['读取授权用户资料', 'Get authorised person'],
  '/weixin/sns/auth': ['检验网页授权', 'Check web authorisation'],
  '/weixin/sns/jscode2session': ['小程序登录', 'Log in to the mini program'],
  '/weixin/wxa/getwxacodeunlimit': ['新建小程序码', 'Create mini program code'],
  '/weixin/wxa/generate_urllink': ['新建小程序链接', 'Create mini program link'],
}
const WEIXIN_EVENTS: Readonly<Record<string, readonly [zh: string, en: string]>> = {
  'weixin/oa.subscribed': ['关注了公众号', 'Followed the Official Account'],
  'weixin/oa.unsubscribed': ['取消关注公众号', 'Unfollowed the Official Account'],
  'weixin/oa.scanned': ['扫了公众号的二维码', 'Scanned a code of the Official Account'],
  'weixin/oa.menu_clicked': ['点击公众号菜单', 'Tapped the menu'],
  'weixin/oa.menu_viewed': ['打开公众号菜单链接', 'Opened a link of the menu'],
  'weixin/oa.menu_miniprogram': ['从公众号菜单打开小程序', 'Opened a mini program from the menu'],
  'weixin/subscribe_message.answered': ['回答了消息订阅', 'Answered a request to send messages'],
  'weixin/subscribe_message.changed': ['在通知管理里拒收', 'Turned messages off'],
  'weixin/subscribe_message.sent': ['订阅消息有结果', 'A subscribe message has its result'],
  'weixin/oa.text_received': ['给公众号写消息', 'Wrote to the Official Account'],
  'weixin/oa.template_sent': ['模板消息有结果', 'A template message has its result'],
}

/** What happened, by `Event/ChangeType` of a callback. */
const EVENTS: Readonly<Record<string, readonly [zh: string, en: string]>> = {
  'change_external_contact/add_external_contact': ['客户添加了成员', 'Customer added a member'],
  'change_external_contact/add_half_external_contact': [
    '客户免验证添加，等成员确认',
    'Half add: the member has to confirm',
  ],
  'change_external_contact/edit_external_contact': ['客户资料被修改', 'Customer edited'],
  'change_external_contact/del_external_contact': ['成员删除了客户', 'Member deleted the customer'],
  'change_external_contact/del_follow_user': ['客户删除了成员', 'Customer deleted the member'],
  'change_external_contact/transfer_fail': ['客户接替失败', 'Transfer failed'],
  'change_external_contact/msg_audit_approved': ['客户同意会话存档', 'Customer agreed to the archive'],
  'change_external_chat/create': ['客户群创建', 'Group created'],
  'change_external_chat/update': ['客户群变更', 'Group changed'],
  'change_external_chat/dismiss': ['客户群解散', 'Group dismissed'],
  'change_external_tag/create': ['企业标签创建', 'Tag created'],
  'change_external_tag/update': ['企业标签变更', 'Tag changed'],
  'change_external_tag/delete': ['企业标签删除', 'Tag deleted'],
  'change_external_tag/shuffle': ['企业标签重排', 'Tags reordered'],
  'change_contact/create_user': ['新增成员', 'Member created'],
  'change_contact/update_user': ['成员变更', 'Member changed'],
  'change_contact/delete_user': ['成员删除', 'Member deleted'],
  subscribe: ['成员关注应用', 'Member subscribed'],
  unsubscribe: ['成员取消关注', 'Member unsubscribed'],
}

function pick(entry: readonly [string, string] | undefined, language: Language): string | undefined {
  return language === 'zh-CN' ? entry?.[0] : entry?.[1]
}

export function endpointTail(path: string): string {
  return path.replace(/^\/?cgi-bin\//, '')
}

export function endpointName(path: string, language: Language): string {
  const tail = endpointTail(path)
  return pick(WEIXIN[path] ?? ENDPOINTS[tail] ?? ENDPOINTS[tail.replace(/^externalcontact\//, '')], language) ?? tail
}

export function eventName(event: string, language: Language): string {
  return pick(EVENTS[event] ?? WEIXIN_EVENTS[event], language) ?? event
}

export const faultPaths: readonly string[] = Object.keys(ENDPOINTS).filter(
  (path) => path !== 'customer_acquisition_quota',
)
export const faultEvents: readonly string[] = Object.keys(EVENTS)
