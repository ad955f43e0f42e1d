import { explain } from '@nuanyu/wecom'
import type { Said } from '../../infra/errors.ts'

/** What each finding says: what happened, why it matters, where it is mended, how. */
export interface FindingText {
  readonly title: Said
  readonly why: Said
  readonly menuPath: Said | null
  readonly mend: Said
}

export interface FindingValues {
  readonly app?: string
  readonly errcode?: number
  readonly count?: number
  readonly ms?: number
  readonly host?: string
  readonly said?: string
  readonly names?: readonly string[]
}

const admin = (zh: string, en: string): Said => ({ zh: `企业微信管理后台 > ${zh}`, en: `WeCom admin console > ${en}` })
const text = (
  title: [string, string],
  why: [string, string],
  menuPath: Said | null,
  mend: [string, string],
): FindingText => ({
  title: { zh: title[0], en: title[1] },
  why: { zh: why[0], en: why[1] },
  menuPath,
  mend: { zh: mend[0], en: mend[1] },
})
const meaning = (v: FindingValues) => {
  const known = explain(v.errcode ?? 0)
  return [`${v.errcode} ${known.meaningZh}`, `${v.errcode} ${known.meaning}`] as const
}
const list = (v: FindingValues): [string, string] => {
  const names = v.names ?? []
  const more = (v.count ?? 0) > names.length
  return [
    `${names.join('、')}${more ? ` 等 ${v.count} 人` : ''}`,
    `${names.join(', ')}${more ? ` and others, ${v.count} in all` : ''}`,
  ]
}
const appPage = admin('应用管理 > 自建 > 本应用', 'Apps > Self-built > this app')
const retry: [string, string] = [
  '改好后在本页重新填写 Secret，再点「重新体检」。',
  'Then enter the secret on this page again and press “Check again”.',
]

const table = {
  'app.missing': () =>
    text(
      ['还没有接入客户联系应用', 'No customer-contact app is connected'],
      [
        '没有应用的 Secret，就收不到添加、发不出欢迎语。',
        'Without an app’s secret no add is heard and no welcome sent.',
      ],
      admin('应用管理 > 自建 > 创建应用', 'Apps > Self-built > Create'),
      [
        '按接入向导的第一步填写企业 ID、AgentId 和 Secret。',
        'Follow the first step of the guide: corp id, agent id, secret.',
      ],
    ),
  'app.secret': (v: FindingValues) =>
    text(
      [`「${v.app ?? '应用'}」的 Secret 不被接受`, `The secret of “${v.app ?? 'the app'}” is refused`],
      [
        `平台回答 ${meaning(v)[0]}：Secret 填错、被重置，或应用已停用。为避免本机 IP 被封一小时，我们已停止用它调用。`,
        `The platform says ${meaning(v)[1]}: it is wrong, was reset, or the app is off. We stopped using it, because repeats ban our IP for an hour.`,
      ],
      admin('应用管理 > 自建 > 本应用 > Secret', 'Apps > Self-built > this app > Secret'),
      [
        `核对应用已启用，查看最新的 Secret；${retry[0]}`,
        `See that the app is on and look up its present secret. ${retry[1]}`,
      ],
    ),
  'contacts.secret': (v: FindingValues) =>
    text(
      ['通讯录同步的 Secret 不被接受', 'The secret of contacts-sync is refused'],
      [
        `平台回答 ${meaning(v)[0]}。员工入职、离职、换部门要到夜间对账才知道。`,
        `The platform says ${meaning(v)[1]}. Joiners, leavers and moves are known at night only.`,
      ],
      admin('安全与管理 > 管理工具 > 通讯录同步', 'Security > Management tools > Contacts sync'),
      [
        `确认通讯录同步已开启，查看它的 Secret；${retry[0]}`,
        `See that contacts sync is on and look up its secret. ${retry[1]}`,
      ],
    ),
  'contacts.missing': () =>
    text(
      ['没有接入通讯录同步', 'Contacts-sync is not connected'],
      [
        '自建应用只知道可见范围内谁来谁走；换部门、换门店要到夜间对账才知道。',
        'An app hears only who enters and leaves its range; moves between departments and stores are known at night only.',
      ],
      admin('安全与管理 > 管理工具 > 通讯录同步', 'Security > Management tools > Contacts sync'),
      [
        '开启「API 接口同步」，把 Secret 和回调地址按向导填好。',
        'Switch on API sync, and set its secret and callback address as the guide says.',
      ],
    ),
  'contacts.callback': () =>
    text(
      ['通讯录同步没有设置回调', 'Contacts-sync has no callback address'],
      [
        '它有自己的回调地址、Token 和密钥，和应用的不是同一套。',
        'It has an address, token and key of its own, apart from the app’s.',
      ],
      admin(
        '安全与管理 > 管理工具 > 通讯录同步 > 设置接收事件服务器',
        'Security > Management tools > Contacts sync > Event server',
      ),
      [
        '在向导里复制通讯录同步的三项，粘贴后保存；域名主体必须是本企业。',
        'Copy its three values from the guide and save; the domain must belong to the corp.',
      ],
    ),
  'app.disabled': (v: FindingValues) =>
    text(
      [`「${v.app ?? '应用'}」已被停用`, `“${v.app ?? 'The app'}” is disabled`],
      ['停用的应用调不了接口，也不再收到回调。', 'A disabled app can call nothing and hears nothing.'],
      appPage,
      ['打开应用页顶部的启用开关。', 'Turn on the switch at the top of the app’s page.'],
    ),
  'app.suspended': () =>
    text(
      ['应用因长期没有成员打开，接口权限已被收回', 'The app was suspended because nobody opens it'],
      [
        '平台回答 48006 或发来停用通知：添加、欢迎语、打标签全部停止。',
        'The platform says 48006 or told us so: adds, welcomes and tags all stop.',
      ],
      { zh: '手机企业微信 > 工作台 > 本应用', en: 'WeCom on the phone > Workbench > this app' },
      [
        '请任一可见成员从工作台打开一次应用，并在管理后台重新启用；之后把工作台页面用进每天的早会。',
        'Have a visible member open the app from the workbench, enable it again, and put that page into daily use.',
      ],
    ),
  'app.inactive': () =>
    text(
      ['应用即将因长期没有成员打开而被停用', 'The app is about to be suspended because nobody opens it'],
      [
        '平台已发来 inactive_alert。到期后接口权限会被收回（48006）。',
        'The platform sent inactive_alert; at its end the permission is taken back (48006).',
      ],
      { zh: '手机企业微信 > 工作台 > 本应用', en: 'WeCom on the phone > Workbench > this app' },
      [
        '今天就请几位成员从工作台打开应用；把工作台页面用进每天的早会。',
        'Have some members open the app from the workbench today, and put that page into daily use.',
      ],
    ),
  'ip.not_trusted': () =>
    text(
      ['平台不接受来自本服务器 IP 的调用', 'The platform refuses calls from this server’s IP'],
      [
        '平台回答 60020：IP 不在应用的企业可信 IP 里。可信 IP 必须是本企业自己的服务器，服务商的 IP 会被拒绝。',
        'The platform says 60020: the IP is not among the app’s trusted ones. They must be the corp’s own servers; providers’ IPs are refused.',
      ],
      admin('应用管理 > 自建 > 本应用 > 企业可信IP', 'Apps > Self-built > this app > Trusted IPs'),
      [
        '把服务器的出口 IP 加入可信 IP；出口会变就先固定出口。几家品牌共用一台服务器时，每家要有自己的出口 IP。',
        'Add the server’s outgoing IP; make it a fixed one first. Brands that share a server need an IP each.',
      ],
    ),
  'app.not_callable': (v: FindingValues) =>
    text(
      ['应用不能调用客户联系接口', 'The app may not call customer contact'],
      [
        `平台回答 ${meaning(v)[0]}：应用不在「可调用接口的应用」里，或没有成员开通客户联系。`,
        `The platform says ${meaning(v)[1]}: it is not among the callable apps, or no member has customer contact.`,
      ],
      admin('客户与上下游 > 客户联系 > API > 可调用接口的应用', 'Customers > Customer contact > API > Callable apps'),
      [
        '勾选本应用并保存；在同一页勾选「接收外部联系人变更回调」。',
        'Tick this app and save; on the same page tick the change callbacks.',
      ],
    ),
  'range.denied': (v: FindingValues) =>
    text(
      ['应用读不到一部分成员或部门', 'The app cannot read some members or departments'],
      [
        `最近 ${v.count} 次调用被拒绝：${meaning(v)[0]}。应用可见范围、客户联系使用范围和我们渠道里的员工必须一致。`,
        `${v.count} calls lately: ${meaning(v)[1]}. The app’s range, the range of customer contact and the staff in our channels must agree.`,
      ],
      admin('应用管理 > 自建 > 本应用 > 可见范围', 'Apps > Self-built > this app > Visible range'),
      ['把渠道用到的部门都加入可见范围，然后重新体检。', 'Add the departments that channels use, then check again.'],
    ),
  'member.not_visible': (v: FindingValues) =>
    text(
      [
        `${v.count} 名渠道里的员工不在应用可见范围内`,
        `${v.count} members of channels are outside the app’s visible range`,
      ],
      [
        `${list(v)[0]}：含他们的码平台会拒绝（60011），他们的客户也读不到。`,
        `${list(v)[1]}: codes with them are refused (60011), and their customers cannot be read.`,
      ],
      admin('应用管理 > 自建 > 本应用 > 可见范围', 'Apps > Self-built > this app > Visible range'),
      [
        '把他们或他们的部门加入可见范围；不再需要就从渠道里移除。',
        'Add them or their departments, or take them out of the channels.',
      ],
    ),
  'member.not_following': (v: FindingValues) =>
    text(
      [`${v.count} 名渠道里的员工没有开通客户联系`, `${v.count} members of channels have no customer contact`],
      [
        `${list(v)[0]}：客户扫码加不到他们，已自动移出活码。`,
        `${list(v)[1]}: they cannot be added and were taken out of the codes.`,
      ],
      admin(
        '客户与上下游 > 客户联系 > 权限配置 > 使用范围',
        'Customers > Customer contact > Permissions > Usage range',
      ),
      ['把他们加入使用范围，5 分钟内自动回到码上。', 'Add them; they are back on the codes within 5 minutes.'],
    ),
  'member.not_active': (v: FindingValues) =>
    text(
      [`${v.count} 名员工没有激活企业微信`, `${v.count} members have not activated WeCom`],
      [
        `${list(v)[0]}：没有登录过的成员不能被添加，含他的码会被平台拒绝。`,
        `${list(v)[1]}: who never logged in cannot be added; codes with him are refused.`,
      ],
      admin('通讯录 > 未激活 > 邀请成员', 'Contacts > Not activated > Invite'),
      [
        '请他们用手机登录一次企业微信；激活后自动回到码上。',
        'Have them log in on the phone once; they are then back by themselves.',
      ],
    ),
  'member.not_addable': (v: FindingValues) =>
    text(
      [`${v.count} 名员工现在不能被客户添加`, `${v.count} members cannot be added now`],
      [
        `${list(v)[0]}：平台拒绝了含他们的码（41054），没有完成实名认证或没有绑定微信。平台没有接口能查实名，这是逐个试出来的。`,
        `${list(v)[1]}: codes with them are refused (41054): no real-name verification, or no WeChat bound. No interface tells; we found out by trying.`,
      ],
      {
        zh: '手机企业微信 > 我 > 设置 > 账号与安全 > 实名认证',
        en: 'WeCom on the phone > Me > Settings > Account & security > Real-name verification',
      },
      [
        '请他们完成实名认证并绑定自己的微信，再到「员工」页点「重新检查」，通过后自动回到码上。',
        'Have them verify and bind their own WeChat, then press “Check again” on the staff page; they are then back by themselves.',
      ],
    ),
  'member.gone': (v: FindingValues) =>
    text(
      [`${v.count} 名已离开的员工还在渠道里`, `${v.count} members who left are still in channels`],
      [
        `${list(v)[0]}：他们已自动移出活码，但渠道设置里还写着。`,
        `${list(v)[1]}: they are off the codes, but the channels still name them.`,
      ],
      { zh: '本控制台 > 引流获客 > 渠道活码', en: 'This console > Acquisition > Channel live codes' },
      [
        '从渠道里移除他们，并到企业微信分配他们的客户。',
        'Take them out of the channels and hand their customers over.',
      ],
    ),
  'welcome.no_code': (v: FindingValues) =>
    text(
      [
        `欢迎语失效：${v.count} 名员工的新客户收不到我们的欢迎语，管理后台可能配置了欢迎语`,
        `Welcome out of force: new customers of ${v.count} members get none of ours; one is probably set in the admin console`,
      ],
      [
        `最近的添加没有带 welcome_code（无码/添加：${v.said}）。已排除：对方先加的半添加、别家企业的企业微信用户、已经聊过或重复添加、会话存档未同意。`,
        `Their latest adds came without a welcome_code (without/all: ${v.said}). Excluded: half adds before, WeCom users of other corps, customers who chatted before or came again, missing archive consent.`,
      ],
      admin('客户与上下游 > 客户联系 > 加客户 > 欢迎语', 'Customers > Customer contact > Adding customers > Welcome'),
      [
        '删除或停用包含这些员工的欢迎语（员工在手机端自己设置的也要删除）；之后的新客户就由我们欢迎。这是推断，平台没有接口能读到那里的设置。',
        'Delete or stop the welcomes that cover them, their own on the phone too; later customers are then greeted by us. This is a suspicion: no interface reads that setting.',
      ],
    ),
  'welcome.raced': (v: FindingValues) =>
    text(
      [`${v.count} 条欢迎语被别人抢先发了`, `${v.count} welcomes were sent by another first`],
      [
        `24 小时内 ${v.said} 次添加里平台 ${v.count} 次回答 41051：另一个应用或员工本人先发了。一次添加只有一条欢迎语。`,
        `Of ${v.said} adds in 24 hours the platform said 41051 ${v.count} times: another app or the member was first. An add has one welcome only.`,
      ],
      admin('客户与上下游 > 客户联系 > API > 可调用接口的应用', 'Customers > Customer contact > API > Callable apps'),
      [
        '看看还勾选了哪些应用，在另一家系统里关掉它的欢迎语。',
        'See which other apps are ticked, and switch their welcome off over there.',
      ],
    ),
  'archive.consent': () =>
    text(
      ['客户未同意会话存档，欢迎语被拒绝', 'Welcomes are refused until customers agree to the archive'],
      [
        '平台回答 41053：开启了「需客户同意」的会话存档，同意之前不能发欢迎语。',
        'The platform says 41053: the archive asks for consent, and before it no welcome may be sent.',
      ],
      admin(
        '安全与管理 > 会话内容存档 > 存档设置 > 客户同意',
        'Security > Message archive > Settings > Customer consent',
      ),
      [
        '确认是否必须先同意；若合规允许，改为「告知」。被拒的添加已变成员工任务。',
        'See whether consent must come first; if the law allows it, choose notice instead. Refused adds became tasks.',
      ],
    ),
  'callback.missing': (v: FindingValues) =>
    text(
      [`「${v.app}」没有设置回调`, `“${v.app}” has no callback`],
      ['没有回调就不知道谁添加了，欢迎语一条也发不出。', 'Without it no add is heard and no welcome sent.'],
      admin(
        '应用管理 > 自建 > 本应用 > 接收消息 > 设置API接收',
        'Apps > Self-built > this app > Receive messages > API',
      ),
      [
        '在向导里生成 Token 和 EncodingAESKey，三项一起粘贴后保存。',
        'Make token and key in the guide, paste all three and save.',
      ],
    ),
  'callback.never': (v: FindingValues) =>
    text(
      [`「${v.app}」的回调地址平台从没验证过`, `The platform has never verified the address of “${v.app}”`],
      [
        '我们生成了地址，但没有收到过平台的验证或任何回调：后台还没有保存。',
        'We made it, but neither a verification nor a callback has come: it was not saved over there.',
      ],
      admin(
        '应用管理 > 自建 > 本应用 > 接收消息 > 设置API接收',
        'Apps > Self-built > this app > Receive messages > API',
      ),
      [
        '把向导里的 URL、Token、EncodingAESKey 粘贴进去并保存；保存时平台会立即验证。',
        'Paste URL, token and key and save; the platform verifies at once.',
      ],
    ),
  'callback.refused': (v: FindingValues) =>
    text(
      [`「${v.app}」的回调解不开`, `Callbacks of “${v.app}” cannot be opened`],
      [
        `平台在送，但我们 ${v.count} 次校验失败（${v.errcode}）：两边的 Token、EncodingAESKey 或企业 ID 不一致。这些回调都丢了。`,
        `They come, but ${v.count} failed our check (${v.errcode}): token, key or corp id differ. They are lost.`,
      ],
      admin(
        '应用管理 > 自建 > 本应用 > 接收消息 > 设置API接收',
        'Apps > Self-built > this app > Receive messages > API',
      ),
      [
        '在向导里重新生成并粘贴三项，保存后做一次对账补回丢失的添加。',
        'Make the three anew in the guide, save, and run a reconcile to find the lost adds.',
      ],
    ),
  'callback.self_test': (v: FindingValues) =>
    text(
      ['回调地址自测不通', 'The callback address fails its self-test'],
      [
        `按平台的方式访问「${v.app}」的回调地址失败：${v.said}。平台很可能也访问不到。`,
        `Calling the address of “${v.app}” as the platform does failed: ${v.said}. The platform probably cannot reach it either.`,
      ],
      null,
      [
        '检查域名解析、证书、反向代理和防火墙，以及 PUBLIC_URL 是否就是外网地址；放行向导里列出的平台回调 IP。',
        'Check DNS, certificate, proxy, firewall, and that PUBLIC_URL is the public address; admit the platform’s IPs listed in the guide.',
      ],
    ),
  'callback.slow': (v: FindingValues) =>
    text(
      [
        `回调地址验证用了 ${((v.ms ?? 0) / 1000).toFixed(1)} 秒`,
        `The callback’s verification took ${((v.ms ?? 0) / 1000).toFixed(1)} s`,
      ],
      [
        '平台要求验证在 1 秒内应答，否则保存不了地址；回调 5 秒不答就当失败。',
        'The platform wants it within 1 s, or the address cannot be saved; a callback has 5 s.',
      ],
      null,
      [
        '看服务器负载、数据库和反向代理；别让回调走海外线路或需要登录的网关。',
        'Look at load, database and proxy; keep callbacks off overseas lines and gateways with log-in.',
      ],
    ),
  'callback.lost': (v: FindingValues) =>
    text(
      [
        `平台上有 ${v.count} 位客户我们没有收到添加回调`,
        `The platform has ${v.count} customers of whom no callback told us`,
      ],
      [
        '抽查的员工里有客户不在我们的记录中：回调在半路丢了，或没有勾选变更回调。他们没有收到欢迎语。',
        'Members we sampled have customers we do not know: callbacks were lost, or the change callbacks are not ticked. They got no welcome.',
      ],
      admin(
        '客户与上下游 > 客户联系 > API > 接收外部联系人变更回调',
        'Customers > Customer contact > API > Change callbacks',
      ),
      [
        '确认勾选了变更回调；再到「同步监控」做一次对账，把漏掉的客户补进来。',
        'See that they are ticked, then run a reconcile to bring the missed customers in.',
      ],
    ),
  'callback.dead': (v: FindingValues) =>
    text(
      [`${v.count} 条回调处理失败`, `${v.count} callbacks could not be handled`],
      ['它们已保存，但多次处理都出错。', 'They are stored, but failed again and again.'],
      { zh: '本控制台 > 设置 > 回调日志', en: 'This console > Settings > Callback log' },
      [
        '打开回调日志看原因，处理后点「重放」。',
        'Look at the reason in the callback log and press “Replay” once mended.',
      ],
    ),
  'domain.redirect': (v: FindingValues) =>
    text(
      ['授权回调域与本系统地址不一致', 'The authorised redirect domain is not ours'],
      [
        `登记的是「${v.said === undefined || v.said === '' ? '（空）' : v.said}」，本系统是「${v.host ?? ''}」：扫码登录和落地页身份识别会被拒绝（50001）。带端口要完全一致。`,
        `Registered is “${v.said ?? ''}”, ours is “${v.host ?? ''}”: log-in by scan and landing pages are refused (50001). Host and port must be exact.`,
      ],
      admin(
        '应用管理 > 自建 > 本应用 > 企业微信授权登录 > 授权回调域',
        'Apps > Self-built > this app > WeCom log-in > Redirect domain',
      ),
      [`填写 ${v.host ?? '本系统的域名'}，不带 https://。`, `Enter ${v.host ?? 'our host'}, without https://.`],
    ),
  'domain.trusted': () =>
    text(
      ['页面域名不是应用的可信域名', 'The page’s domain is not a trusted one'],
      [
        '平台回答 80001：侧边栏和工作台页面的 JS-SDK 用不了。',
        'The platform says 80001: the JS-SDK of our pages does not work.',
      ],
      admin(
        '应用管理 > 自建 > 本应用 > 网页授权及JS-SDK > 设置可信域名',
        'Apps > Self-built > this app > Web & JS-SDK > Trusted domain',
      ),
      [
        '填写本系统的完整域名，并用向导里的「归属文件」完成校验。',
        'Enter our exact host and prove it by the ownership file of the guide.',
      ],
    ),
  'miniprogram.unlinked': (v: FindingValues) =>
    text(
      ['欢迎语里的小程序没有关联到企业微信', 'A mini program of a welcome is not linked'],
      [
        `平台 ${v.count} 次回答 90206：这条欢迎语发不出去。`,
        `The platform said 90206 ${v.count} times: that welcome cannot be sent.`,
      ],
      admin('应用管理 > 小程序 > 关联小程序', 'Apps > Mini programs > Link'),
      ['关联该小程序，或从欢迎语里换成网页链接。', 'Link it, or put a web link into the welcome instead.'],
    ),
  'corp.developer_account': () =>
    text(
      ['读不到客户的 unionid', 'Customers come without a unionid'],
      [
        '没有绑定微信开发者 ID，公众号、小程序和企业微信里的同一个人合并不了。',
        'No WeChat developer account is bound, so one person in mini program, official account and WeCom stays three.',
      ],
      admin(
        '客户与上下游 > 客户联系 > API > 微信开发者ID 绑定',
        'Customers > Customer contact > API > WeChat developer id',
      ),
      [
        '绑定同主体、已加入开放平台的公众号或小程序（一家企业一个）。',
        'Bind one account of the same subject that stands in an open-platform account.',
      ],
    ),
  'corp.not_verified': () =>
    text(
      ['企业还没有完成认证', 'The corp is not verified'],
      [
        '平台回答 43009：客户数上限很低，部分接口不可用。',
        'The platform says 43009: few customers are allowed and some interfaces are closed.',
      ],
      admin('我的企业 > 企业信息 > 认证', 'My corp > Information > Verification'),
      ['完成企业认证（约 1–3 个工作日）。', 'Verify the corp (1–3 working days).'],
    ),
  'capacity.full': () =>
    text(
      ['企业客户数已达上限', 'The corp has all the customers it may have'],
      ['平台回答 40099：新客户加不进来。', 'The platform says 40099: nobody new can be added.'],
      admin('客户与上下游 > 客户联系 > 客户数扩容', 'Customers > Customer contact > Expansion'),
      [
        '购买扩容（每档 50,000），再到「平台限额档案」更新上限。',
        'Buy a step of 50,000, then set the limit in the limit profile.',
      ],
    ),
  'links.unavailable': () =>
    text(
      ['获客助手没有开通', 'The acquisition assistant is not available'],
      [
        '有渠道用获客链接，但接口不可用：链接建不了，余量也读不到。',
        'Channels use acquisition links, but the interface is closed to us.',
      ],
      admin('客户与上下游 > 获客助手', 'Customers > Acquisition assistant'),
      [
        '开通获客助手并勾选本应用；或把这些渠道改为活码。',
        'Open it and tick this app, or make those channels QR codes.',
      ],
    ),
  'links.industry': () =>
    text(
      ['所在行业不能用获客链接的优先分配', 'This industry may not use priority on links'],
      ['平台回答 41200。', 'The platform says 41200.'],
      admin('客户与上下游 > 获客助手', 'Customers > Acquisition assistant'),
      [
        '关闭这些链接的「优先分配」，老客户回到原员工改由落地页做。',
        'Switch priority off; let the landing page show a known customer his owner.',
      ],
    ),
  'budget.blocked': (v: FindingValues) =>
    text(
      [`接口 ${v.said} 被平台限流`, `The platform limits ${v.said}`],
      [
        `还要等 ${Math.ceil((v.ms ?? 0) / 1000)} 秒。同一家企业的其他应用共用这个额度，我们看不到它们用了多少。`,
        `${Math.ceil((v.ms ?? 0) / 1000)} s to go. Other apps of the corp share the limit unseen.`,
      ],
      admin('应用管理 > 频率自助解封工具（45009）', 'Apps > Frequency self-unblock tool (45009)'),
      [
        '急用时用平台的自助解封工具；再看「平台限额档案」里谁在用，停掉不急的任务。',
        'If urgent use the platform’s self-unblock tool; see the limit profile for who uses it, and stop what can wait.',
      ],
    ),
  'budget.exhausting': (v: FindingValues) =>
    text(
      [
        `接口 ${v.said} 的小时额度约 ${Math.ceil((v.ms ?? 0) / 60_000)} 分钟后用完`,
        `The hour’s budget of ${v.said} ends in about ${Math.ceil((v.ms ?? 0) / 60_000)} minutes`,
      ],
      [
        '按现在的速度推算。用完后我们会排队等待，不会触发平台限流。',
        'At the present pace. After that we wait in line; the platform’s limit is not hit.',
      ],
      { zh: '本控制台 > 设置 > 平台限额档案', en: 'This console > Settings > Limit profile' },
      ['停掉不急的同步和批量任务，或推迟活动。', 'Stop syncs and bulk jobs that can wait, or move the campaign.'],
    ),
  'clock.skew': (v: FindingValues) =>
    text(
      [
        `服务器时间与平台差 ${Math.round(Math.abs(v.ms ?? 0) / 1000)} 秒`,
        `The server’s clock is ${Math.round(Math.abs(v.ms ?? 0) / 1000)} s off`,
      ],
      [
        '欢迎码只有 20 秒，令牌、排班和有效期都按本机时间算。',
        'A welcome code lives 20 s; tokens, rota and validity go by this clock.',
      ],
      null,
      [
        '在服务器上启用 NTP 校时（timedatectl set-ntp true），然后重新体检。',
        'Switch on NTP (timedatectl set-ntp true), then check again.',
      ],
    ),
  'site.not_public': (v: FindingValues) =>
    text(
      ['系统地址不是外网 HTTPS 地址', 'The system’s address is not a public HTTPS one'],
      [
        `现在是 ${v.host}。平台和客户的手机都访问不到。`,
        `It is ${v.host}: neither the platform nor phones can reach it.`,
      ],
      null,
      [
        '准备已备案、主体为本企业的域名，配好证书，把 PUBLIC_URL 设为 https://域名 后重启。',
        'Take an ICP-filed domain of the corp with a certificate, set PUBLIC_URL and restart.',
      ],
    ),
  'platform.unreachable': () =>
    text(
      ['连不上企业微信', 'WeCom cannot be reached'],
      ['调用没有在 5 秒内得到回答。', 'Calls got no answer within 5 s.'],
      null,
      [
        '检查服务器出网、DNS 和防火墙；放行向导里列出的平台域名 IP。短暂故障会自行恢复。',
        'Check outgoing network, DNS and firewall; admit the platform’s IPs listed in the guide. A short trouble mends itself.',
      ],
    ),
} satisfies Record<string, (values: FindingValues) => FindingText>

export type FindingCode = keyof typeof table
export const findingWords: Readonly<Record<FindingCode, (values: FindingValues) => FindingText>> = table
