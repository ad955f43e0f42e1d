const oa = 'https://developers.weixin.qq.com/doc/offiaccount'
const mp = 'https://developers.weixin.qq.com/miniprogram/dev/OpenApiDoc'

/** Pages of WeChat's official documentation that the declarations name. */
export const pages = {
  token: `${oa}/Basic_Information/Get_access_token.html`,
  stableToken: `${oa}/Basic_Information/getStableAccessToken.html`,
  qrcode: `${oa}/Account_Management/Generating_a_Parametric_QR_Code.html`,
  userInfo: `${oa}/User_Management/Get_users_basic_information_UnionID.html`,
  userList: `${oa}/User_Management/Getting_a_User_List.html`,
  template: `${oa}/Message_Management/Template_Message_Interface.html`,
  service: `${oa}/Message_Management/Service_Center_messages.html`,
  events: `${oa}/Message_Management/Receiving_event_pushes.html`,
  messages: `${oa}/Message_Management/Receiving_standard_messages.html`,
  subscribeEvents: `${oa}/Subscription_Messages/api.html`,
  login: `${mp}/user-login/code2Session.html`,
  wxacode: `${mp}/qrcode-link/qr-code/getUnlimitedQRCode.html`,
  urlLink: `${mp}/qrcode-link/url-link/generateUrlLink.html`,
  subscribe: `${mp}/mp-message-management/subscribe-message/sendMessage.html`,
}
