import type { Platform } from '../platform.ts'
import { hash } from '../random.ts'
import { customerId } from './chats.ts'

/** What was said before the sandbox was opened, so that nobody meets an empty phone: question, answer, thanks. */
const TALKS: readonly (readonly [string, string, string])[] = [
  ['你好，今天车厘子什么价？', '您好，JJ 级 59.9 一斤，会员 8 折', '好的，下班过去拿'],
  ['榴莲熟了没', '刚到一批金枕，今晚正好开', '帮我留一个三斤左右的'],
  ['可以送到三号楼吗', '可以的，满 39 元免配送', '谢谢'],
  ['上次的橙子很甜，还有吗', '还有的，赣南脐橙 9.9 三斤', '来两份'],
  ['你们几点关门呀', '晚上十点，您慢慢来', '好嘞'],
  ['果切有无糖的吗', '有杨桃和柚子拼盘，都不加糖', '那明早给我一份'],
  ['会员日是哪天', '每月 8 号，全场 8 折，部分 7 折', '记下了'],
  ['礼盒能写贺卡吗', '可以，您发内容给我就行', '好，晚点发你'],
]

const TALKING_STAFF = 16
const TALKS_EACH = 12
/** Larger worlds are for load, not for looking at. */
const LARGEST = 5_000
const MINUTE_MS = 60_000

/** Shops that put a code to their group on the counter, and the app that made the codes. */
const GROUP_CODES = 6
const GROUP_CODE_APP = 'crm'

export function playPrologue(platform: Platform): void {
  const { world, chats, clock, oracle, reach } = platform
  const { relations, staff, customers } = world
  if (customers.count > LARGEST) return
  putUpGroupCodes(platform)
  for (const member of staff.all().slice(0, TALKING_STAFF)) {
    for (let at = 0; at < Math.min(TALKS_EACH, relations.staffRows(member.index)); at++) {
      const row = relations.staffRow(member.index, at)
      if (relations.flags(row) !== 0) continue
      const customer = relations.customerOf(row)
      const me = customerId(customer)
      const h = hash(row, world.seed + 95)
      const [asks, answers, ends] = TALKS[h % TALKS.length] ?? TALKS[0] ?? ['', '', '']
      const startMs = clock.now() - (at * 400 + (h % 300) + 30) * MINUTE_MS
      const room = chats.single(me, member.userid)
      const say = (from: string, fromName: string, content: string, afterMs: number) => {
        const message = {
          atMs: startMs + afterMs,
          from,
          fromName,
          source: 'person' as const,
          body: { type: 'text' as const, content },
        }
        chats.post(room, message, [me, member.userid])
      }
      say(me, customers.name(customer), asks, 0)
      say(member.userid, member.name, answers, 3 * MINUTE_MS)
      if (h % 3 > 0) say(me, customers.name(customer), ends, 5 * MINUTE_MS)
      reach.talks.set(row, Math.floor(startMs / 1000))
      chats.read(room, member.userid)
      chats.read(room, me)
    }
  }
  // What was said before is nothing that the sandbox has to account for.
  oracle.reset()
}

/** Codes to groups as another app of the brand made them long ago: what newcomers of a day join by. */
function putUpGroupCodes({ world }: Platform): void {
  for (const group of world.groups.all().slice(0, GROUP_CODES)) {
    world.codes.addJoinWay({
      configId: world.newId('', 32),
      appKey: GROUP_CODE_APP,
      scene: 2,
      content: `https://work.weixin.qq.com/gm/${world.newId('', 32)}`,
      createdAt: group.createdAt,
      remark: group.name,
      autoCreateRoom: true,
      roomBaseName: group.name,
      roomBaseId: 1,
      chatIds: [group.chatId],
      state: 'counter',
      markSource: undefined,
    })
  }
}
