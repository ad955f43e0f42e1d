/** What a person, or the program, does about an error; many codes share one. */
export interface Remedy {
  readonly en: string
  readonly zh: string
}

const remedy = (en: string, zh: string): Remedy => ({ en, zh })

export const none = remedy('Nothing to do.', '无需处理。')
export const wait = remedy('Wait a little; the client repeats the call by itself.', '稍候即可，客户端会自动重试。')
export const frequency = remedy(
  'The corp or this server has used up the limit of this API. Calls go on by themselves when the block ends; if other apps of the corp call too much, slow them down. An administrator can lift a block with the self-unblock tool in the developer centre.',
  '本企业或本服务器对该接口的调用已达频率上限，封禁期过后会自动恢复；如其他应用调用过多，请降低其频率。管理员可在开发者中心使用“频率限制自助解封”工具。',
)
export const concurrency = remedy(
  'Too many calls ran at the same time; the client lowers their number and repeats.',
  '并发过高，客户端会自动降低并发并重试。',
)
export const abnormal = remedy(
  'Call less often; if the frequency is normal, look for unofficial WeCom clients in the corp.',
  '请降低调用频率；若频率正常，请排查企业内是否有人使用非官方企业微信客户端。',
)
export const token = remedy(
  'Nothing: the client fetches a new token and repeats once. If it stays, the app is off or its kind does not fit the API.',
  '客户端会重新获取 access_token 并重试一次；若持续出现，请检查应用是否停用、应用类型是否与接口匹配。',
)
export const secret = remedy(
  'Copy the app’s Secret again from the admin console (应用管理 → the app) into the connection guide and check that the app is enabled. Until then no call goes out: repeated wrong secrets ban the IP for an hour.',
  '请在管理后台“应用管理 → 该应用”重新查看 Secret 并填入接入向导，确认应用已启用。在此之前系统暂停调用：多次使用错误的 Secret 会导致 IP 被封禁 1 小时。',
)
export const corp = remedy(
  'Check the corp id in the admin console under 我的企业 → 企业信息.',
  '请在管理后台“我的企业 → 企业信息”核对企业 ID。',
)
export const provider = remedy(
  'Only for third-party providers: get the credential again in the provider’s console, or have the corp authorise anew.',
  '仅涉及第三方服务商：请在服务商后台重新获取凭证，或请企业重新授权。',
)
export const parameter = remedy(
  'The request does not fit the documentation: compare the field named in errmsg. This is a fault of the program.',
  '请求参数不符合接口文档，请对照 errmsg 中的字段检查；这通常是程序问题。',
)
export const userid = remedy(
  'Check that the member is still in the contacts, written right, and inside the app’s visible range.',
  '请确认该成员仍在通讯录中、userid 拼写正确，且在应用可见范围内。',
)
export const visible = remedy(
  'Add the member, department or tag to the app’s visible range (应用管理 → the app → 可见范围).',
  '请在“应用管理 → 该应用 → 可见范围”中加入相应成员、部门或标签。',
)
export const external = remedy(
  'Use the external_userid as this corp sees it; its member must be in the app’s visible range.',
  '请使用本企业主体下的 external_userid，且其跟进成员须在应用可见范围内。',
)
export const relation = remedy(
  'There is no relation: the member deleted the customer, or has not confirmed him yet. Wait for the add event, or leave the customer out.',
  '该成员与客户没有好友关系：成员已删除客户，或免验证添加后成员尚未确认。请等待添加成功事件，或跳过该客户。',
)
export const permission = remedy(
  'Allow the app to call this API: 客户联系 → 可调用接口的应用, or the app’s own permissions; contacts-sync calls need the contacts-sync Secret.',
  '请为应用开通接口权限：“客户联系 → 可调用接口的应用”，或应用自身权限；通讯录同步接口须使用通讯录同步 Secret。',
)
export const feature = remedy(
  'Give the member the feature: 客户联系 → 权限配置 → 使用范围.',
  '请在“客户联系 → 权限配置 → 使用范围”中为该成员开通客户联系功能。',
)
export const trustedIp = remedy(
  'Add this server’s outgoing IP under 应用管理 → the app → 企业可信IP; it works after about a minute. Providers’ IPs are refused.',
  '请在“应用管理 → 该应用 → 企业可信IP”中加入本服务器出口 IP，约 1 分钟后生效；第三方服务商 IP 不可使用。',
)
export const enable = remedy(
  'An administrator must enable the app again: 应用管理 → the app.',
  '请管理员在“应用管理 → 该应用”中重新启用应用。',
)
export const unused = remedy(
  'WeCom took the permission back because nobody opens the app. An administrator enables it again (应用管理 → the app); then have staff open the workbench daily.',
  '应用长期无人使用，权限被收回。请管理员在“应用管理 → 该应用”重新启用，并让员工每日打开工作台。',
)
export const active = remedy(
  'The member is not active enough in WeCom, so that customer data is withheld. Have him log in and use it.',
  '该成员在企业微信中活跃度不足，平台不再提供其客户数据，请让成员登录并正常使用企业微信。',
)
export const activate = remedy(
  'Some member has never logged in or is not real-name verified; WeCom does not say who. Find him by halving the list, and have him log in and verify.',
  '名单中有成员未登录激活或未实名认证，平台不会指明是谁。可用二分法找出该成员，请其登录企业微信并完成实名认证。',
)
export const media = remedy('Upload the file again and use the new media_id.', '请重新上传文件并使用新的 media_id。')
export const file = remedy(
  'Choose a file of an allowed kind and size, whole and not empty.',
  '请更换符合类型与大小要求、完整且非空的文件。',
)
export const shorten = remedy('Shorten the content and try again.', '请缩短内容后重试。')
export const fewer = remedy('Ask for fewer at a time.', '请减少单次请求的数量。')
export const forbidden = remedy('Change the words: they were refused as sensitive.', '内容包含敏感信息，请修改后重试。')
export const cursor = remedy('Start reading from the first page again.', '请从第一页重新读取。')
export const expiredCode = remedy('Have the person open the page again.', '请让用户重新打开页面。')
export const domain = remedy(
  'Enter the page’s exact domain, with port, under 应用管理 → the app → 网页授权及JS-SDK.',
  '请在“应用管理 → 该应用 → 网页授权及JS-SDK”中填写与页面完全一致的可信域名（含端口）。',
)
export const callback = remedy(
  'The address must answer the verification within a second: run the callback self-test in the connection guide.',
  '回调地址须在 1 秒内正确响应校验，请在接入向导中运行回调自检。',
)
export const owner = remedy(
  'Only the app that made it may change it: use that app, or make a new one.',
  '仅创建它的应用可以修改：请使用该应用操作，或重新创建。',
)
export const gone = remedy('It no longer exists: read the list again.', '该数据已不存在，请重新拉取列表。')
export const capacity = remedy(
  'Delete what is not needed, or have the administrator expand the limit.',
  '已达上限：请清理不再使用的数据，或请管理员扩容。',
)
export const customerCapacity = remedy(
  'The member’s customers are full: take him out of the codes, or have the administrator expand the number (客户联系 → 客户上限).',
  '该成员客户数已满：请将其移出活码，或请管理员申请扩容客户上限。',
)
export const corpCapacity = remedy(
  'The corp’s customers are full: an administrator buys or applies for more in the client.',
  '企业客户规模已满：请管理员在客户端购买或申请扩容。',
)
export const qualification = remedy(
  'An administrator hands in the material that WeCom asks for.',
  '请管理员按平台要求提交资质材料。',
)
export const verifyCorp = remedy(
  'Have the corp verified (管理后台 → 我的企业 → 认证).',
  '请完成企业认证（管理后台 → 我的企业）。',
)
export const late = remedy(
  'The 20 seconds are over, so no welcome is possible: the member greets by hand.',
  '已超过 20 秒，无法再发送欢迎语，请成员手动问候。',
)
export const greeted = remedy(
  'Do not repeat: the customer was welcomed already, by us, by another app or by the member himself.',
  '不要重试：客户已收到欢迎语，或已与成员开始聊天（可能由其他应用或成员本人发送）。',
)
export const repeatSoon = remedy(
  'Another app is sending; repeat within the 20 seconds.',
  '其他应用正在发送欢迎语，可在 20 秒内重试。',
)
export const consent = remedy(
  'Wait until the customer has agreed to the chat archive.',
  '须等客户同意会话存档服务须知后才能发送。',
)
export const dispatching = remedy('It is being dispatched: try again a minute later.', '任务正在派发，请一分钟后再试。')
export const transfer = remedy(
  'Look at the customer’s transfers: not twice within 90 days more, not while one is running.',
  '请检查该客户的继承记录：90 天内最多两次，且进行中不可重复分配。',
)
export const handover = remedy(
  'Choose handover and takeover again: the first must follow the customer, the second must be active and another.',
  '请重新选择原跟进人与接替人：原跟进人须为客户的跟进人，接替人须在职、已激活且不同于原跟进人。',
)
export const groupOwner = remedy(
  'Read the group again and choose by its owner’s state.',
  '请重新读取群信息，并按群主状态选择正确的操作。',
)
export const miniprogram = remedy(
  'Link the mini program to the corp (应用管理 → 小程序) and check its appid.',
  '请在“应用管理 → 小程序”中关联该小程序，并核对 appid。',
)
export const developer = remedy(
  'Bind a WeChat developer account of the same subject (客户联系 → 微信开发者账号).',
  '请在“客户联系”中绑定同主体的微信开发者账号。',
)
export const industry = remedy(
  'Open only to some industries: leave the option out, or set the corp’s industry.',
  '仅部分行业可用：请去掉该选项，或设置企业经营类目。',
)
export const archive = remedy(
  'Check the chat archive in 管理工具 → 聊天内容存档: it must be on, paid, and this server’s IP listed.',
  '请在“管理工具 → 聊天内容存档”检查：已开通、未到期，且服务器 IP 已加入白名单。',
)
export const kf = remedy(
  'Check the account in 微信客服: it exists, is managed by API and authorised to this app.',
  '请在“微信客服”中检查该客服账号：存在、通过 API 管理并已授权给本应用。',
)
export const kfSession = remedy(
  'The session does not allow this now: wait for the customer’s next message.',
  '当前会话状态不允许此操作，请等待客户再次发来消息。',
)
export const servicer = remedy('Choose a servicer who is on duty and activated.', '请选择已激活且正在接待的客服人员。')
export const chain = remedy(
  'Check the chain in 上下游: the app is shared with the corp and the ids are of this chain.',
  '请在“上下游”中检查：应用已共享给该企业，且所用 ID 属于该上下游。',
)
export const license = remedy(
  'Only for third-party apps: activate an interop licence for the member.',
  '仅涉及第三方应用：请为该成员激活互通账号许可。',
)
export const duplicate = remedy('Choose another: it exists already.', '该值已存在，请更换。')
export const unsupported = remedy(
  'Update the program: the platform no longer takes this.',
  '平台已不再支持，请升级程序。',
)
export const corpState = remedy(
  'The corp is dissolved or banned: an administrator asks WeCom’s service.',
  '企业已解散或被封禁，请管理员联系企业微信客服。',
)
