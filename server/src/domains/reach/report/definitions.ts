import type { Said } from '../../../infra/errors.ts'
import type { Earner } from '../settings/settings.ts'

/** What a number of the report counts, exactly; `metric` is its number in the catalogue. */
export interface Definition {
  readonly id: string
  readonly name: Said
  readonly words: Said
}

/** Within so many hours after the delivery an opened link or a delete belongs to it (M30, M31). */
export const afterHours = 72

const made = (id: string, zhName: string, enName: string, zh: string, en: string): Definition => ({
  id,
  name: { zh: zhName, en: enName },
  words: { zh, en },
})

const windowOf = {
  zh: '归因窗口从送达那一刻算起，审批时固定',
  en: 'the window counts from the delivery and was fixed when it was approved',
}
const holdoutFrom = {
  zh: '对照组的人没有收到消息，他的窗口从「本应收到」的时刻算起：本应由他的发送员工的送达中位时间；该员工没有送达时，取本次发送里按人群均匀分布的一个送达时刻。这样两组的窗口落在相同的时段。',
  en: 'Who is held out got nothing; his window counts from when he would have got it: the median delivery of the member who would have sent it; where that member delivered nothing, one of the run’s deliveries, spread evenly. So the windows of both sides lie in the same hours.',
}

const earnerWords: Readonly<Record<Earner, Said>> = {
  seller: { zh: '订单上的员工', en: 'the member named on the order' },
  owner: {
    zh: '付款时该客户的专属员工，没有专属员工时是他唯一的好友员工',
    en: 'the exclusive owner of the customer at payment, else the only member who had him',
  },
  store: { zh: '订单的门店', en: 'the order’s store' },
}

/** M35 prints by which order it counts: that of when the run was made. */
export function staffGmv(order: readonly Earner[]): Definition {
  const listed = (language: 'zh' | 'en') => order.map((one, at) => `（${at + 1}）${earnerWords[one][language]}`)
  return made(
    'M35',
    '导购业绩',
    'Staff GMV',
    `归因到本次的订单按顺序记给：${listed('zh').join('；')}；都不知道的不记给任何人。顺序在「群发设置」里设定，发送开始后不变。`,
    `The orders credited to this run, given in this order to: ${listed('en').join('; ')}; where none is known, to nobody. The order is set in the send settings and stays as it was when the run was made.`,
  )
}

/** Steps of the funnel and the metrics M27 to M36, in the words that a reader sees on a click. */
export const definitions = {
  planned: made(
    'funnel.planned',
    '计划人数',
    'Planned',
    '人群里的所有人（按合并后的客户去重），包括后来被排除、压住或留作对照的。',
    'Everybody whom the audience named (merged persons), also those excluded, held, dropped or held out afterwards.',
  ),
  to_send: made(
    'funnel.to_send',
    '应发人数',
    'To be sent to',
    '计划人数减去排除、压住、拦下、对照组和没有可发员工的人。',
    'Planned, less those excluded, held, dropped, held out or without a sender.',
  ),
  asked: made(
    'funnel.asked',
    '已下发任务覆盖',
    'Asked',
    '所在任务已经下发给员工确认的人数。',
    'Persons whose task a member has been asked to confirm.',
  ),
  confirmed: made(
    'funnel.confirmed',
    '员工已确认覆盖',
    'Confirmed',
    '所在任务员工已经确认发送的人数。',
    'Persons whose task the member has confirmed.',
  ),
  delivered: made(
    'funnel.delivered',
    '送达人数',
    'Delivered',
    '平台报告状态为「已发送」的人数。',
    'Persons of whom the platform says: sent.',
  ),
  opened: made(
    'funnel.opened',
    '打开链接（已知身份）',
    'Opened a link (known persons)',
    `送达后 ${afterHours} 小时内打开过追踪链接、且身份已知（公众号静默授权或小程序）的人数。不知道是谁的打开另行计数。`,
    `Persons to whom it was delivered and who opened a tracked link within ${afterHours} hours, where we know who it was (silent OAuth or mini program). Opens without a person are counted apart.`,
  ),
  converted: made(
    'funnel.converted',
    '转化人数',
    'Converted',
    `送达后在目标窗口内完成目标的人数；${windowOf.zh}。`,
    `Persons to whom it was delivered and who reached the goal within its window; ${windowOf.en}.`,
  ),
  opens_unknown: made(
    'funnel.opens_unknown',
    '打开次数（身份未知）',
    'Opens without a person',
    '追踪链接被打开、但不知道是谁的次数（一条文案发给多人时链接里没有个人信息）。是次数，不是人数。',
    'Times that a tracked link was opened by nobody we know (one text goes to many, so a link names nobody). Times, not persons.',
  ),
  task_completion: made(
    'M27',
    '任务完成率',
    'Task completion',
    '截止前被确认的任务数 ÷ 已下发任务数。员工休假或离开而没能确认的任务不计；改派后接手的任务计入。',
    'Tasks confirmed before their deadline / tasks issued. A task that its member could not confirm because he was away does not count; the one that took over does.',
  ),
  senders_confirmed: made(
    'M28',
    '群发执行率（员工）',
    'Send rate (senders)',
    '确认过至少一个任务的员工数 ÷ 被下发任务的员工数。',
    'Senders who confirmed / senders asked.',
  ),
  customers_delivered: made(
    'M28',
    '群发执行率（客户）',
    'Send rate (customers)',
    '实际送达的客户数 ÷ 计划的客户数（含被排除、压住和对照的）。',
    'Customers delivered / customers planned (also those excluded, held, dropped or held out).',
  ),
  delivery: made(
    'M29',
    '送达率',
    'Delivery',
    '送达人数 ÷ 应发人数（计划减去排除等）。未送达分四类：不是好友、达到平台上限、员工未确认、其他。',
    'Sent / (planned − excluded and not to be sent). Failures are split: no friend any more, over the platform’s cap, not confirmed, other.',
  ),
  clicks: made(
    'M30',
    '点击率',
    'Click rate',
    `送达后 ${afterHours} 小时内打开追踪链接的去重人数（身份已知）÷ 送达人数。`,
    `Distinct delivered persons who opened a tracked link within ${afterHours} hours (known persons) / delivered persons.`,
  ),
  deletes: made(
    'M31',
    '千次触达流失',
    'Deletes per mille after the send',
    `1000 × 送达后 ${afterHours} 小时内删除员工的人数 ÷ 送达人数。发送时才发现早已不是好友的不算。`,
    `1000 × delivered persons who deleted a member within ${afterHours} hours / delivered persons. Who turned out at the send to be no friend any more does not count.`,
  ),
  conversion: made(
    'M32',
    '转化率',
    'Conversion',
    `窗口内完成目标的送达人数 ÷ 送达人数；${windowOf.zh}。`,
    `Delivered persons who reached the goal within the window / delivered persons; ${windowOf.en}.`,
  ),
  scope_gmv: made(
    'M33',
    '私域 GMV',
    'Private GMV',
    '从第一次送达到最后一个窗口结束，付款时至少有一位好友关系的客户的实付金额减退款。全企业口径，不只是本次的人。',
    'From the first delivery to the end of the last window: what customers with a living relation at the time of payment paid, less refunds. Of the whole corp, not of this run alone.',
  ),
  credited_gmv: made(
    'M34',
    '归因 GMV',
    'Attributed GMV',
    '每笔订单只归一次：先看归因窗口内最后一次点击，没有点击再看最后一次送达；渠道码来源排在其后（见「订单归给谁」）；客服会话还没有接入。实付减退款；窗口审批时固定。',
    'Every order is credited once: to the last click within its window, else to the last send within its own; code source comes after (see “What orders are owed to”); the house has no service chat yet. Paid less refunds; the windows were fixed at approval.',
  ),
  first_gmv: made(
    'M34',
    '归因 GMV（首次触达）',
    'Attributed GMV (first touch)',
    '同样的订单，改归给窗口内最早的一次触达。只换归属，不重复计算。',
    'The same orders, given to the earliest touch within its window. Another view, not more orders.',
  ),
  lift: made(
    'M36',
    '增量（全部应发）',
    'Lift (intention to treat)',
    `应发的人（不论是否确认、送达，也包括后来才发现没有员工可发的）的转化率减去对照组的转化率，附 95% 区间（Newcombe）。对照组只取同样过了排除和触达治理、有可发员工的人，由系统按固定哈希随机留出。只发了一部分（灰度、中途停止）时，两组都只取已收到任务的员工的客户。${holdoutFrom.zh}`,
    `Conversion of all planned to be sent to, confirmed or not, also of those for whom there was then no member after all, less that of the holdout, with the 95 % interval of Newcombe. Of the holdout those count who passed exclusions and the governor and had a sender; the system drew them by a stable hash. Of a run that went out in part (a canary, or stopped) both sides are the customers of the members who were asked. ${holdoutFrom.en}`,
  ),
  lift_delivered: made(
    'M36',
    '增量（每位送达）',
    'Lift (per delivered, CACE)',
    '全部应发的增量 ÷ 送达率。对照组无人收到，所以这就是对真正收到的人的作用。区间同除。',
    'The lift of all planned / the delivery rate. Nobody of the holdout got it, so this is what it did to those who did. The interval is divided too.',
  ),
  lift_gmv: made(
    'M36',
    '增量 GMV',
    'Incremental GMV',
    '（应发人均 GMV − 对照人均 GMV）× 应发人数；窗口内全部类目的实付减退款；95% 区间用自助法（bootstrap，种子固定）。',
    '(GMV a planned person − GMV a person held out) × planned persons; paid less refunds within the window, of all categories; 95 % interval by a bootstrap with a fixed seed.',
  ),
  excess_deletes: made(
    'M31',
    '额外流失',
    'Excess deletes',
    `应发的人 ${afterHours} 小时内的千人流失减去对照组的，附 95% 区间；每位送达 = 再除以送达率。`,
    `Deletes per mille within ${afterHours} hours of all planned, less those of the holdout, with the 95 % interval; per delivered: divided by the delivery rate.`,
  ),
  likes: made(
    'moment.likes',
    '点赞',
    'Likes',
    '客户在员工发表的这条朋友圈下点赞的人次；发表后读 7 天，之后不再变化。',
    'Likes of customers under what members published; read for seven days after it, then no more.',
  ),
  comments: made(
    'moment.comments',
    '评论',
    'Comments',
    '客户评论的条数；平台的接口不给出评论的内容。',
    'Comments of customers; what they wrote is in no interface of the platform.',
  ),
  beside: made(
    'moment.beside',
    '计划外可见（人次）',
    'Seen besides',
    '能看到、但不在这次计划里的人次：按企业标签发表时，一位客户在两位员工处都带标签会看到两次；或标签被人手工加给了别人。',
    'Views of persons outside the plan: by corp tags somebody who carries one at two members sees it twice; or a person put the tag on others by hand.',
  ),
  issued: made(
    'M47',
    '发券',
    'Issued',
    '送达或触达后的目标窗口内，收到过活动所填「发券」事件的人数（每人计一次；填了批次时只认该批次的事件）。',
    'Persons of whom the event that the campaign names for it was told within the goal’s window after they were reached (each once; where a batch is named, only events of that batch).',
  ),
  issued_by_reach: made(
    'M47',
    '发券',
    'Issued',
    '活动没有填写发券事件：消息里就是券，送达（或触达）即发券。',
    'The campaign names no event for it: the message holds the coupon, so whoever was reached had it issued.',
  ),
  claimed: made(
    'M47',
    '领取',
    'Claimed',
    '触达后的目标窗口内有过活动所填「领取」事件的人数；没有填写时为 0。',
    'Persons with the event that the campaign names for it, within the goal’s window after they were reached; none is named: 0.',
  ),
  redeemed: made(
    'M47',
    '核销',
    'Redeemed',
    '触达后的目标窗口内有过活动所填「核销」事件的人数，每人计一次。',
    'Persons with the event that the campaign names for it, within the goal’s window after they were reached, each once.',
  ),
  redeem_rate: made(
    'M47',
    '核销率',
    'Redeem rate',
    '两个口径都列出：核销 ÷ 发券，核销 ÷ 领取。',
    'Both are printed: redeemed / issued, and redeemed / claimed.',
  ),
  reached: made(
    'channel.reached',
    '触达人数',
    'Reached',
    '员工群发：平台报告「已发送」的人。其他渠道：外部系统用事件告知触达的人，或所选分群的成员。两边都触达的人另计，不进任何一边。对照组没有人触达。',
    'Sent by members: persons of whom the platform says sent. Another channel: persons of whom the other system told an event, or the members of the audience named. Who was reached by both stands apart, on neither side. Nobody of the holdout was reached.',
  ),
  revenue: made(
    'channel.revenue',
    '收入',
    'Revenue',
    '触达后目标窗口内该渠道触达的人的全部实付金额减退款，不限于用券的订单。人均 = 收入 ÷ 触达人数（对照组除以全组人数）。',
    'All that those reached by the channel paid within the goal’s window afterwards, less refunds, not only with the coupon. Per person: of those reached (of the holdout, of all).',
  ),
  channel_cost: made(
    'channel.cost',
    '渠道成本',
    'Cost',
    '由添加对比渠道的人填写；员工群发没有填写成本。',
    'As given by who named the channel; none is given for what members send.',
  ),
  raw: made(
    'channel.raw',
    '原始差异',
    'Raw difference',
    '员工群发的比例（收入：人均）减去该渠道的，附 95% 区间（比例：Newcombe；人均收入：系统随机分组时用自助法，外部渠道用 Welch）。系统随机分组时两边是全部分到的人（不论是否触达）；外部渠道时两边是各自触达的人，不是随机分的。',
    'Share of those sent to (revenue: a person), less that of the channel, with a 95 % interval (shares: Newcombe; revenue a person: a bootstrap where the system drew, Welch for a channel from outside). Drawn by the system: everybody whom the lot put there, reached or not. A channel from outside: those reached by either, whom no lot parted.',
  ),
  matched: made(
    'channel.matched',
    '匹配对比',
    'Matched comparison',
    '只比较触达之前各项已知特征（阶段、层级、近 90 天订单数、近一年消费、距上次下单、门店）完全落在同一档的人：每一档里把该渠道的人加权到和员工群发同样多，再比较两边的比例。找不到对应的人不参加比较，人数列出。特征取双方最早触达之前的那一刻。区间与增量同法（Newcombe），加权的人按有效人数计；人均收入的区间按各档内的差别合成（Welch），只有少数人付款时相应放宽。标签、兴趣等没有列出的差别没有消除。',
    'Only people who stood in the same class of everything that is known of them before anybody was reached (stage, tier, orders in 90 days, spending of a year, time since the latest order, store): within each class the channel’s people are weighed as many as those sent to, then the shares are held side by side. Who has no counterpart takes no part and is counted. Everything is as it stood just before the first was reached on either side. The interval is that of the lift (Newcombe), weighted persons counting by their effective number; that of revenue a person is put together from how far people of each class differ (Welch), and wider where few paid. What is not listed, such as tags and interests, stays different.',
  ),
  total: made(
    'M36',
    '各次合计',
    'All runs together',
    '同一个群发活动已经发出的各次合在一起：一个人不论收到几次只算一人，任何一次达成目标都算转化；归因订单每笔只属于一次，直接相加。对照组是每一次都留出的人（同一个人每次都在同一组），他的窗口也逐次计算。从第一次应发（对照组：本应收到）起，后来几次被触达治理压住、拦下或被排除的人，那几次的窗口也算，两边一样。附 95% 区间（Newcombe）。',
    'All runs of the campaign that went out: a person counts once however often he got it, and has converted if he did in any of them; an order is credited to one run, so these add up. Held out are those whom every run held out (a person is on the same side in each), with a window in each run. From the first run that was for a person on, the windows of later ones count too in which he was held, dropped or excluded, on both sides alike. With the 95 % interval of Newcombe.',
  ),
  from_click: made(
    'M34',
    '本次的点击',
    'A click of this run',
    '从第一次送达到最后一个窗口结束之间付款的订单里，归给本次发送最后一次点击的。每笔订单只在一行：点击 > 送达 > 渠道码来源 > 客服会话。窗口之外付款的归因订单不在这张表里。',
    'Of the orders paid from the first delivery to the end of the last window, those owed to the last click of this run. Every order stands in one row: click > send > code source > service chat. Orders credited to the run but paid outside these days are not in this table.',
  ),
  from_send: made(
    'M34',
    '本次的送达',
    'A send of this run',
    '没有点击、归给本次最后一次送达的订单。',
    'Without a click: owed to the last send of this run.',
  ),
  from_other_run: made(
    'M34',
    '其他群发',
    'Another run',
    '归给其他群发的点击或送达的订单。',
    'Owed to a click or a send of another run.',
  ),
  from_code: made(
    'M34',
    '渠道码来源',
    'Code source',
    '没有群发触达、但客户在付款前（点击窗口内）由一个渠道码添加的订单。',
    'Touched by no run, of a customer who was added by a channel code so long before the payment as a click counts.',
  ),
  from_service_chat: made(
    'M34',
    '客服会话',
    'Service chat',
    '系统还没有接入微信客服会话，所以没有这一项；接入后排在渠道码来源之后。',
    'The house has no service chat (WeChat KF) yet, so there is nothing of it; it will come after the code source.',
  ),
  from_none: made(
    'M34',
    '没有触达',
    'Nothing known',
    '这段时间付款、以上都没有的订单：全企业口径，包括不是好友的客户。',
    'Paid in these days and owed to none of them: of the whole corp, also of customers who are nobody’s contact.',
  ),
} as const satisfies Readonly<Record<string, Definition>>
export type DefinitionKey = keyof typeof definitions
