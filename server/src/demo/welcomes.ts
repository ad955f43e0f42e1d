import { v7 as uuid } from 'uuid'
import type { WelcomeBand } from '../domains/acquisition/index.ts'
import type { Executor } from '../infra/db/database.ts'

const everyDay = 127

const bands: readonly WelcomeBand[] = [
  {
    name: '营业时间',
    stage: 'both',
    weekdays: everyDay,
    fromMinute: 8 * 60,
    untilMinute: 22 * 60,
    content: {
      text: '{客户昵称}你好，我是鲜果连锁的{员工姓名}🍊\n今天到店的水果已经上架，想吃什么直接告诉我，我帮你挑。',
      textWithoutName: '你好，我是鲜果连锁的{员工姓名}🍊\n今天到店的水果已经上架，想吃什么直接告诉我，我帮你挑。',
      attachments: [
        {
          kind: 'link',
          title: '新人见面礼：满 39 减 10',
          url: 'https://h5.example.com/coupon/new',
          desc: '到店或下单都能用，7 天内有效',
          picurl: '',
        },
      ],
    },
  },
  {
    name: '营业时间 · 老客户',
    stage: 'returning',
    weekdays: everyDay,
    fromMinute: 8 * 60,
    untilMinute: 22 * 60,
    content: {
      text: '欢迎回来，我是鲜果连锁的{员工姓名}🍊\n还是老规矩：想吃什么告诉我，我帮你挑好留着。',
      attachments: [],
    },
  },
  {
    name: '夜间',
    stage: 'both',
    weekdays: everyDay,
    fromMinute: 22 * 60,
    untilMinute: 8 * 60,
    content: {
      text: '你好，我是鲜果连锁的{员工姓名}。现在门店已经打烊，明早 8 点我第一时间回复你，晚安🌙',
      attachments: [],
    },
  },
]

/** The demo brand's default welcome, with a day and a night wording, and one by day for customers who come back. */
export async function seedDefaultWelcome(on: Executor, corpId: number, at: Date): Promise<void> {
  const id = uuid()
  const version = uuid()
  const made = await on
    .insertInto('welcomes')
    .values({
      id,
      corp_id: corpId,
      level: 'default',
      target: '',
      name: '默认欢迎语',
      active_version: version,
      created_at: at,
    })
    .onConflict((conflict) => conflict.doNothing())
    .returning('id')
    .executeTakeFirst()
  if (made === undefined) return
  await on
    .insertInto('welcome_versions')
    .values({
      id: version,
      welcome_id: id,
      number: 1,
      bands: JSON.stringify(bands),
      created_by: '演示数据',
      created_at: at,
    })
    .execute()
}
