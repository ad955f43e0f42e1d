import { admin, type FindingTable, type FindingValues, text } from './doctor.text.ts'

/** The corp, its quotas and budgets, this machine and the way to the platform. */
export const platformWords = {
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
} satisfies FindingTable
