const service = 'https://developers.weixin.qq.com/doc/service'
const oa = 'https://developers.weixin.qq.com/doc/offiaccount'
const mp = 'https://developers.weixin.qq.com/miniprogram/dev/OpenApiDoc'

/** Pages of WeChat's official documentation that the declarations name. */
export const pages = {
  token: `${oa}/Basic_Information/Get_access_token.html`,
  stableToken: `${oa}/Basic_Information/getStableAccessToken.html`,
  qrcode: `${oa}/Account_Management/Generating_a_Parametric_QR_Code.html`,
  userInfo: `${service}/api/usermanage/userinfo/api_userinfo.html`,
  userList: `${oa}/User_Management/Getting_a_User_List.html`,
  template: `${service}/api/notify/template/api_sendtemplatemessage.html`,
  templateResult: `${service}/guide/product/template_message/Template_Message_Interface.html`,
  service: `${oa}/Message_Management/Service_Center_messages.html`,
  events: `${oa}/Message_Management/Receiving_event_pushes.html`,
  messages: `${oa}/Message_Management/Receiving_standard_messages.html`,
  menuEvents: `${oa}/Custom_Menus/Custom_Menu_Push_Events.html`,
  menu: `${service}/api/custommenu/api_createcustommenu.html`,
  menuGet: `${service}/api/custommenu/api_getmenu.html`,
  menuDelete: `${service}/api/custommenu/api_deletemenu.html`,
  menuConditional: `${service}/api/custommenu/api_addconditionalmenu.html`,
  menuDeleteConditional: `${service}/api/custommenu/api_deleteconditionalmenu.html`,
  menuTry: `${service}/api/custommenu/api_trymatchmenu.html`,
  userTags: `${oa}/User_Management/User_Tag_Management.html`,
  oauthExchange: `${service}/api/webdev/access/api_snsaccesstoken.html`,
  oauthPage: `${oa}/OA_Web_Apps/Wechat_webpage_authorization.html`,
  subscribeTemplates: `${mp}/mp-message-management/subscribe-message/getMessageTemplateList.html`,
  notify: `${oa}/Subscription_Messages/api.html`,
  notifyEvents: `${service}/guide/product/subscription_messages/push.html`,
  subscribeEvents: 'https://developers.weixin.qq.com/miniprogram/dev/framework/open-ability/subscribe-message.html',
  login: `${mp}/user-login/code2Session.html`,
  wxacode: `${mp}/qrcode-link/qr-code/getUnlimitedQRCode.html`,
  urlLink: `${mp}/qrcode-link/url-link/generateUrlLink.html`,
  subscribe: `${mp}/mp-message-management/subscribe-message/sendMessage.html`,
}
