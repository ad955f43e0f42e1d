import type { Said } from '../../../infra/errors.ts'
import type { FindingCode } from '../doctor/doctor.words.ts'

/** The connection guide: every step of going live with a real corp, with the exact menu path. Data and rules only. */

export const stepIds = [
  'site',
  'corp',
  'callback',
  'change_callbacks',
  'callable',
  'range',
  'visible',
  'trusted_ip',
  'network',
  'contacts',
  'ownership',
  'redirect_domain',
  'trusted_domain',
  'developer_account',
  'mini_programs',
  'links',
  'console_welcome',
  'archive',
  'daily_use',
] as const
export type StepId = (typeof stepIds)[number]

export const stepGroups = ['prepare', 'connect', 'ranges', 'domains', 'optional', 'habits'] as const
export type StepGroup = (typeof stepGroups)[number]

export interface GuideStep {
  readonly id: StepId
  readonly group: StepGroup
  readonly title: Said
  readonly how: Said
  readonly menuPath: Said | undefined
  /** Findings of the doctor that are about this step. */
  readonly codes: readonly FindingCode[]
  /** Whether the doctor sees by himself that it is done; what no interface tells, a person ticks off. */
  readonly seen: boolean
}

const admin = (zh: string, en: string): Said => ({ zh: `企业微信管理后台 > ${zh}`, en: `WeCom admin console > ${en}` })
const step = (
  id: StepId,
  group: StepGroup,
  seen: boolean,
  title: readonly [string, string],
  how: readonly [string, string],
  menuPath: Said | undefined,
  codes: readonly FindingCode[],
): GuideStep => ({
  id,
  group,
  seen,
  title: { zh: title[0], en: title[1] },
  how: { zh: how[0], en: how[1] },
  menuPath,
  codes,
})

export const guideSteps: readonly GuideStep[] = [
  step(
    'site',
    'prepare',
    true,
    ['准备外网域名', 'A public domain'],
    [
      '一个已 ICP 备案、主体是本企业的域名，配好 HTTPS 证书指向这台服务器，并把 PUBLIC_URL 设为它。展示活码的页面建议另用一个备案域名。',
      'An ICP-filed domain whose subject is the corp, with a certificate, leading to this server; set PUBLIC_URL to it. Pages that show codes better have a filed domain of their own.',
    ],
    undefined,
    ['site.not_public', 'clock.skew'],
  ),
  step(
    'corp',
    'connect',
    true,
    ['企业 ID 与应用 Secret', 'Corp id and the app’s secret'],
    [
      '企业 ID 在「我的企业」页底部；新建一个自建应用，复制 AgentId 和 Secret。填写后立即用一次 gettoken 校验。Secret 加密保存，以后不再显示。',
      'The corp id stands at the bottom of “My corp”; make a self-built app and copy its AgentId and Secret. They are checked by one gettoken at once; the secret is kept sealed and never shown again.',
    ],
    admin('我的企业 > 企业信息 > 企业ID；应用管理 > 自建 > 创建应用', 'My corp > Corp id; Apps > Self-built > Create'),
    ['app.missing', 'app.secret', 'app.disabled', 'corp.not_verified', 'platform.unreachable'],
  ),
  step(
    'callback',
    'connect',
    true,
    ['应用的回调地址', 'The app’s callback address'],
    [
      '生成 Token 和 EncodingAESKey，连同 URL 粘贴到后台保存。平台保存时立即验证，要求 1 秒内应答。先点「自测」。',
      'Make Token and EncodingAESKey, paste them with the URL and save. The platform verifies at once and wants the answer within 1 s: press “Self-test” first.',
    ],
    admin('应用管理 > 自建 > 本应用 > 接收消息 > 设置API接收', 'Apps > Self-built > this app > Receive messages > API'),
    ['callback.missing', 'callback.never', 'callback.refused', 'callback.self_test', 'callback.slow'],
  ),
  step(
    'change_callbacks',
    'connect',
    true,
    ['勾选外部联系人变更回调', 'Tick the change callbacks'],
    [
      '勾选后客户添加、删除才会通知我们。收到第一条回调后自动完成。',
      'Only then are adds and deletions told to us. Done by itself when the first one comes.',
    ],
    admin(
      '客户与上下游 > 客户联系 > API > 接收外部联系人变更回调',
      'Customers > Customer contact > API > Change callbacks',
    ),
    ['callback.lost'],
  ),
  step(
    'callable',
    'ranges',
    true,
    ['可调用接口的应用', 'Callable apps'],
    [
      '勾选本应用，否则所有客户联系接口回答 48002。看看还勾选了谁：每次添加只有一条欢迎语。',
      'Tick this app, or every customer-contact call answers 48002. See who else is ticked: an add has one welcome only.',
    ],
    admin('客户与上下游 > 客户联系 > API > 可调用接口的应用', 'Customers > Customer contact > API > Callable apps'),
    ['app.not_callable', 'welcome.raced'],
  ),
  step(
    'range',
    'ranges',
    true,
    ['客户联系使用范围', 'Range of customer contact'],
    [
      '把要接待客户的部门和成员都加进来；三个范围（使用范围、应用可见范围、渠道里的员工）必须一致。',
      'Add every department and member who takes customers; three ranges must agree: this one, the app’s visible range, and the staff in channels.',
    ],
    admin('客户与上下游 > 客户联系 > 权限配置 > 使用范围', 'Customers > Customer contact > Permissions > Usage range'),
    ['member.not_following', 'member.not_active', 'member.not_addable', 'member.gone'],
  ),
  step(
    'visible',
    'ranges',
    true,
    ['应用可见范围', 'The app’s visible range'],
    [
      '至少包含上一步的全部部门；选整个企业最省事。',
      'At least all departments of the last step; the whole corp is simplest.',
    ],
    admin('应用管理 > 自建 > 本应用 > 可见范围', 'Apps > Self-built > this app > Visible range'),
    ['member.not_visible', 'range.denied'],
  ),
  step(
    'trusted_ip',
    'ranges',
    true,
    ['企业可信 IP', 'Trusted IPs'],
    [
      '填写本服务器的固定出口 IP，必须是本企业自己的服务器；服务商 IP 会被拒绝。几家品牌共用服务器时，每家要有自己的出口 IP，或用代开发。',
      'Enter this server’s fixed outgoing IP. It must be the corp’s own server; providers’ IPs are refused. Brands that share a server need an IP each, or 代开发.',
    ],
    admin('应用管理 > 自建 > 本应用 > 企业可信IP', 'Apps > Self-built > this app > Trusted IPs'),
    ['ip.not_trusted'],
  ),
  step(
    'network',
    'ranges',
    false,
    ['防火墙放行', 'Firewall'],
    [
      '出方向放行平台接口 IP，入方向放行平台回调 IP。两份名单每天重新读取，显示在下方。',
      'Let our calls out to the platform’s IPs and its callbacks in. Both lists are re-read daily and shown below.',
    ],
    undefined,
    [],
  ),
  step(
    'contacts',
    'connect',
    true,
    ['通讯录同步', 'Contacts sync'],
    [
      '开启「API 接口同步」，填写它自己的 Secret 和自己的回调地址、Token、密钥。回调域名的主体必须是本企业。',
      'Switch API sync on; it has a secret, address, token and key of its own. The domain’s subject must be the corp.',
    ],
    admin('安全与管理 > 管理工具 > 通讯录同步', 'Security > Management tools > Contacts sync'),
    ['contacts.missing', 'contacts.secret', 'contacts.callback'],
  ),
  step(
    'ownership',
    'domains',
    true,
    ['域名归属文件', 'Ownership file'],
    [
      '在可信域名页下载 WW_verify_*.txt，上传到这里，我们在域名根目录提供它；然后回到后台点「验证」。',
      'Download WW_verify_*.txt on the trusted-domain page and upload it here: we serve it at the domain’s root. Then press “Verify” over there.',
    ],
    admin(
      '应用管理 > 自建 > 本应用 > 网页授权及JS-SDK > 申请校验域名',
      'Apps > Self-built > this app > Web & JS-SDK > Verify domain',
    ),
    [],
  ),
  step(
    'redirect_domain',
    'domains',
    true,
    ['授权回调域', 'Redirect domain'],
    [
      '用于扫码登录控制台：填域名，不带 https://，端口要完全一致。',
      'For log-in by scan: host only, without https://; a port must match exactly.',
    ],
    admin(
      '应用管理 > 自建 > 本应用 > 企业微信授权登录 > 授权回调域',
      'Apps > Self-built > this app > WeCom log-in > Redirect domain',
    ),
    ['domain.redirect'],
  ),
  step(
    'trusted_domain',
    'domains',
    false,
    ['网页授权与 JS-SDK 可信域名', 'Trusted domain of pages and JS-SDK'],
    [
      '填写完整主机名；侧边栏、工作台页面和落地页识别客户都靠它（否则 80001、50001）。',
      'The exact host; sidebar, workbench pages and landing pages rest on it (else 80001, 50001).',
    ],
    admin(
      '应用管理 > 自建 > 本应用 > 网页授权及JS-SDK > 可信域名',
      'Apps > Self-built > this app > Web & JS-SDK > Trusted domain',
    ),
    ['domain.trusted'],
  ),
  step(
    'developer_account',
    'optional',
    true,
    ['绑定微信开发者 ID', 'Bind a WeChat developer account'],
    [
      '绑定后客户带 unionid，公众号、小程序和企业微信里的同一个人才能合并。一家企业一个，须同主体并已加入开放平台。',
      'Customers then carry a unionid, by which one person in mini program, official account and WeCom is one. One a corp, of the same subject, in an open-platform account.',
    ],
    admin('客户与上下游 > 客户联系 > API > 微信开发者ID', 'Customers > Customer contact > API > WeChat developer id'),
    ['corp.developer_account'],
  ),
  step(
    'mini_programs',
    'optional',
    false,
    ['关联小程序', 'Link mini programs'],
    [
      '欢迎语里用到的小程序都要先关联，否则平台回答 90206。',
      'Every mini program that a welcome uses must be linked, or the platform says 90206.',
    ],
    admin('应用管理 > 小程序 > 关联小程序', 'Apps > Mini programs > Link'),
    ['miniprogram.unlinked'],
  ),
  step(
    'links',
    'optional',
    false,
    ['获客助手', 'Acquisition assistant'],
    [
      '要用获客链接时开通：购买额度、注意有效期；「优先分配」只对部分行业开放（41200）。',
      'For acquisition links: buy a quota and mind its end; priority is open to some industries only (41200).',
    ],
    admin('客户与上下游 > 获客助手', 'Customers > Acquisition assistant'),
    ['links.unavailable', 'links.industry'],
  ),
  step(
    'console_welcome',
    'habits',
    false,
    ['关闭后台欢迎语，查看群发规则', 'Switch off console welcomes, look at mass-send rules'],
    [
      '后台或员工手机里设置的欢迎语会抢走 welcome_code，我们的就发不出。逐一删除；群发频率规则按需放开。',
      'A welcome set in the console or on a member’s phone takes the welcome_code away. Delete them; loosen the mass-send rule if needed.',
    ],
    admin(
      '客户与上下游 > 客户联系 > 加客户 > 欢迎语；客户联系 > 客户群发 > 群发规则',
      'Customers > Customer contact > Welcome; Mass send > Rules',
    ),
    ['welcome.no_code'],
  ),
  step(
    'archive',
    'habits',
    false,
    ['会话存档同意方式', 'Consent to the message archive'],
    [
      '若存档设为「需客户同意」，同意之前欢迎语会被拒绝（41053）。没有购买存档就跳过。',
      'If the archive asks for consent, welcomes are refused before it (41053). Skip without an archive.',
    ],
    admin('安全与管理 > 会话内容存档 > 存档设置', 'Security > Message archive > Settings'),
    ['archive.consent'],
  ),
  step(
    'daily_use',
    'habits',
    false,
    ['让应用每天有人打开', 'Have the app opened every day'],
    [
      '长期没有成员打开的应用会先收到 inactive_alert，再被停用（48006）。把工作台页面用进每天的早会。',
      'An app that nobody opens gets inactive_alert and is then suspended (48006). Put its workbench page into daily use.',
    ],
    { zh: '手机企业微信 > 工作台 > 本应用', en: 'WeCom on the phone > Workbench > this app' },
    ['app.inactive', 'app.suspended'],
  ),
]

export interface GuideFacts {
  readonly connected: boolean
  readonly contactsConnected: boolean
  /** The platform verified the app's address, or a callback came. */
  readonly callbackHeard: boolean
  readonly contactsHeard: boolean
  readonly changesHeard: boolean
  readonly files: number
  readonly real: boolean
  /** Codes of the last doctor's run; undefined: none yet. */
  readonly findings: ReadonlySet<string> | undefined
  /** What a person said of a step. */
  readonly said: ReadonlyMap<string, 'done' | 'skipped'>
}

export type StepState = 'done' | 'problem' | 'skipped' | 'open'

/** How far a step is: a fault that the doctor found wins over what anybody ticked. */
export function stepState(one: GuideStep, facts: GuideFacts): StepState {
  if (one.codes.some((code) => facts.findings?.has(code))) return 'problem'
  const said = facts.said.get(one.id)
  if (said !== undefined) return said
  if (!one.seen || !facts.connected) return one.id === 'site' && facts.findings !== undefined ? 'done' : 'open'
  switch (one.id) {
    case 'corp':
      return 'done'
    case 'callback':
      return facts.callbackHeard ? 'done' : 'open'
    case 'change_callbacks':
      return facts.changesHeard ? 'done' : 'open'
    case 'contacts':
      return facts.contactsConnected && facts.contactsHeard ? 'done' : 'open'
    case 'ownership':
      return facts.files > 0 ? 'done' : 'open'
    case 'redirect_domain':
      return facts.findings !== undefined && facts.real ? 'done' : 'open'
    default:
      return facts.findings === undefined ? 'open' : 'done'
  }
}

/** `WW_verify_….txt` holds one line; anything else is not the platform's file. */
export function ownershipProblem(name: string, content: string): Said | undefined {
  if (!/^WW_verify_[A-Za-z0-9]{1,64}\.txt$/.test(name))
    return {
      zh: `文件名应为 WW_verify_xxxx.txt，现在是「${name.slice(0, 80)}」。`,
      en: `The name must be WW_verify_xxxx.txt, not “${name.slice(0, 80)}”.`,
    }
  if (!/^[A-Za-z0-9]{1,128}$/.test(content.trim()))
    return { zh: '文件内容不是平台生成的校验码。', en: 'The content is not a code made by the platform.' }
  return undefined
}
