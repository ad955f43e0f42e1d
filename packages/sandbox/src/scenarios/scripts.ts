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
