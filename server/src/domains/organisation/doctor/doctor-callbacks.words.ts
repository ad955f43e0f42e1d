import { admin, type FindingTable, type FindingValues, text } from './doctor.text.ts'

/** Callbacks and the domains that pages stand on. */
export const callbacksWords = {
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
        `平台要求验证在 ${(v.mostMs ?? 0) / 1000} 秒内应答，否则保存不了地址；回调 5 秒不答就当失败。`,
        `The platform wants it within ${(v.mostMs ?? 0) / 1000} s, or the address cannot be saved; a callback has 5 s.`,
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
        `登记的是「${v.said === undefined || v.said === '' ? '（空）' : v.said}」，顾客打开的页面在「${v.host ?? ''}」：扫码登录、落地页、短链和「少打扰」页认不出人，会被拒绝（50001）。带端口要完全一致。`,
        `Registered is “${v.said ?? ''}”, customers’ pages are at “${v.host ?? ''}”: log-in by scan, landing pages, links and the page of less know nobody, they are refused (50001). Host and port must be exact.`,
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
} satisfies FindingTable
