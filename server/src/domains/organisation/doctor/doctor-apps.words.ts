import { admin, appPage, type FindingTable, type FindingValues, meaning, retry, text } from './doctor.text.ts'

/** Apps, their secrets, and what they may call. */
export const appsWords = {
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
} satisfies FindingTable
