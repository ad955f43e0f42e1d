import type { Rule } from '../../audiences/index.ts'
import { type CampaignSpec, campaignSpec } from './campaign.schema.ts'

/** A scene that most brands send for: how it is called, what it says, whom and what it is for. */
interface Scene {
  readonly name: string
  readonly kind: CampaignSpec['kind']
  readonly goal: { readonly metric: 'order' | 'open'; readonly window_hours: number }
  /** What stands in 〔〕 is for the brand to write: nothing goes out while it stands. */
  readonly text: string
  readonly whom?: Rule
  /** A first part goes out alone, and what drives people away stops there. */
  readonly canary?: boolean
}

const scenes: readonly Scene[] = [
  {
    ...{ name: '促销通知', kind: 'customer_send', goal: { metric: 'order', window_hours: 72 }, canary: true },
    text: '{品牌}这次的活动是〔活动名称〕，〔开始时间〕到〔结束时间〕，〔优惠内容〕。\n活动页：〔活动链接〕',
  },
  {
    ...{ name: '新品上架', kind: 'customer_send', goal: { metric: 'order', window_hours: 168 }, canary: true },
    text: '{品牌}上新了：〔新品名称〕，〔一句话说它好在哪里〕。\n看看新品：〔商品链接〕',
  },
  {
    ...{ name: '直播预热', kind: 'customer_send', goal: { metric: 'open', window_hours: 48 } },
    text: '{品牌}〔日期〕〔时间〕直播，主题是〔直播主题〕，直播间有〔福利内容〕。\n先预约，开播提醒你：〔预约链接〕',
  },
  {
    ...{ name: '会员日', kind: 'customer_send', goal: { metric: 'order', window_hours: 48 } },
    text: '{品牌}会员日到了：〔日期〕到店或下单，会员享〔会员权益〕。\n使用方法：〔说明链接〕',
  },
  {
    ...{ name: '优惠券到期提醒', kind: 'customer_send', goal: { metric: 'order', window_hours: 72 } },
    text: '你在{品牌}的〔优惠券名称〕还有〔天数〕天到期，〔使用门槛〕可用。\n去使用：〔用券链接〕',
  },
  {
    ...{ name: '沉睡客户唤醒', kind: 'customer_send', goal: { metric: 'order', window_hours: 336 }, canary: true },
    text: '好久不见，{品牌}给你留了〔回归礼〕，〔有效期〕内有效。\n领取：〔领取链接〕',
    whom: { is: 'orders', measure: 'recency', from: 90 },
  },
  {
    ...{ name: '节日问候', kind: 'customer_send', goal: { metric: 'open', window_hours: 72 } },
    text: '〔节日名称〕快乐！{品牌}祝你〔祝福语〕。\n节日期间门店营业时间：〔说明链接〕',
  },
  {
    ...{ name: '社群每日福利', kind: 'group_send', goal: { metric: 'order', window_hours: 24 } },
    text: '{品牌}群友今天的福利：〔商品名称〕〔群内价〕，限〔数量〕份。\n下单：〔商品链接〕',
  },
  {
    ...{ name: '社群开播提醒', kind: 'group_send', goal: { metric: 'open', window_hours: 24 } },
    text: '{品牌}直播间〔时间〕开播，今天聊〔直播主题〕。\n进直播间：〔直播链接〕',
  },
  {
    ...{ name: '朋友圈新品', kind: 'moment', goal: { metric: 'order', window_hours: 168 } },
    text: '{品牌}新品〔新品名称〕到店，〔一句话说它好在哪里〕。〔配上商品图片〕',
  },
]

/** By day only; members are not asked at night for what can wait. */
const window = { from: 9 * 60, until: 21 * 60 }

/** What a corp finds among its templates on the first day, ten scenes: whole but for what it has to write itself. */
export const readyTemplates: readonly { readonly name: string; readonly spec: CampaignSpec }[] = scenes.map(
  ({ name, kind, goal, text, whom, canary }) => ({
    name,
    spec: campaignSpec.parse({
      ...{ kind, goal: { ...goal, baseline: null }, schedule: { kind: 'now' }, window },
      ...(kind === 'group_send'
        ? { whom: null, groups: {}, holdout_permille: 0 }
        : { whom: { rule: whom ?? { all: [] } } }),
      ...(canary ? { canary: { permille: 20, hours: 4, most_deletes_permille: 10 } } : {}),
      variants: [{ name: 'A', content: { text: `${text}\n不想常收到？{少打扰}` }, for: null, share: 100 }],
    }),
  }),
)
