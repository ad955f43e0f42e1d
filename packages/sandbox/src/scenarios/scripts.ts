/** A story by numbers: how many add when, and what they do afterwards. */
export interface Script {
  readonly name: string
  readonly title: string
  readonly titleZh: string
  readonly durationS: number
  readonly addsPerMinute: number
  /** Share of the mean rate in each twenty-fourth of the story; all 1: steady. */
  readonly shape: readonly number[]
  readonly newPeople: boolean
  readonly habits: Habits
  /** They come to the Official Account and the shop instead of adding a member. */
  readonly crowd?: CrowdHabits
}

/** Chances of one person in one story. */
export interface Habits {
  /** Writes after adding. */
  readonly writes: number
  /** Gets an answer from the member. */
  readonly isAnswered: number
  /** Deletes the member again. */
  readonly leaves: number
  /** Joins a group by a code, when there is one. */
  readonly joins: number
  /** Is deleted by the member. */
  readonly isDropped: number
}

/** Chances of one visitor of the Official Account and the mini program. */
export interface CrowdHabits {
  /** Follows, by one of the account's codes where there is one. */
  readonly follows: number
  readonly writes: number
  /** Taps a button of the account's menu. */
  readonly taps: number
  /** Opens the mini program and looks at goods. */
  readonly opens: number
  /** Puts one of them into the cart. */
  readonly picks: number
  /** Pays what is in it. */
  readonly pays: number
  /** Lets the shop send messages about the order. */
  readonly agrees: number
  /** Turns these off again later. */
  readonly refuses: number
  /** Sends something back. */
  readonly refunds: number
  /** Adds the store's adviser after paying. */
  readonly adds: number
  readonly unfollows: number
}

const STEADY = Array.from({ length: 24 }, () => 1)
/** A shop's day by the hour: noon and evening. */
const SHOP_DAY = [
  0, 0, 0, 0, 0, 0, 0.1, 0.4, 0.8, 1.2, 1.6, 2.2, 2.4, 1.6, 1.1, 1.1, 1.4, 2.2, 2.8, 2.6, 1.6, 0.7, 0.2, 0,
]

export const SCRIPTS: readonly Script[] = [
  {
    name: 'demo-day',
    title: 'A day of the demo brand: customers scan in the shops, chat, join groups, some leave',
    titleZh: '演示品牌的一天：到店扫码、咨询、进群，也有人离开',
    durationS: 86_400,
    addsPerMinute: 0.25,
    shape: SHOP_DAY,
    newPeople: true,
    habits: { writes: 0.45, isAnswered: 0.8, leaves: 0.08, joins: 0.2, isDropped: 0.02 },
  },
  {
    name: 'shop-day',
    title: 'A day in the Official Account and the shop: people follow, look, buy, send back, some add an adviser',
    titleZh: '公众号与商城的一天：关注、浏览、下单、退款，也有人添加店员',
    durationS: 86_400,
    addsPerMinute: 1,
    shape: SHOP_DAY,
    newPeople: false,
    habits: { writes: 0.2, isAnswered: 0.8, leaves: 0.04, joins: 0.1, isDropped: 0 },
    crowd: {
      follows: 0.5,
      writes: 0.15,
      taps: 0.3,
      opens: 0.8,
      picks: 0.5,
      pays: 0.6,
      agrees: 0.6,
      refuses: 0.1,
      refunds: 0.08,
      adds: 0.25,
      unfollows: 0.06,
    },
  },
  {
    name: 'peak-1111',
    title: 'The big sale: 8,000 adds a minute',
    titleZh: '大促峰值：每分钟 8,000 次添加',
    durationS: 180,
    addsPerMinute: 8_000,
    shape: STEADY,
    newPeople: true,
    habits: { writes: 0, isAnswered: 0, leaves: 0, joins: 0, isDropped: 0 },
  },
  {
    name: 'overload',
    title: 'More than the platform lets anyone welcome: 12,000 adds a minute',
    titleZh: '过载：每分钟 12,000 次添加，超出平台可发送的欢迎语',
    durationS: 180,
    addsPerMinute: 12_000,
    shape: STEADY,
    newPeople: true,
    habits: { writes: 0, isAnswered: 0, leaves: 0, joins: 0, isDropped: 0 },
  },
]
