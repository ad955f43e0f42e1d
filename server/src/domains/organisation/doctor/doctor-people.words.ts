import { admin, type FindingTable, type FindingValues, list, meaning, text } from './doctor.text.ts'

/** Ranges, members, and the welcomes that they send. */
export const peopleWords = {
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
} satisfies FindingTable
