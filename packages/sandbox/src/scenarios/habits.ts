import { Refusal } from '../admin/refusal.ts'
import { customerId } from '../people/chats.ts'
import { endRelation, write } from '../people/chatting.ts'
import { personOf } from '../people/directory.ts'
import { joinByCode } from '../people/groups.ts'
import { accept } from '../people/meet.ts'
import type { Platform } from '../platform.ts'
import type { Dice } from '../random.ts'
import type { Habits } from './scripts.ts'

const ASKS = [
  '你好，车厘子今天什么价？',
  '有会员活动吗',
  '可以送货上门吗？',
  '榴莲熟了没',
  '上次的橙子很甜，还有吗',
  '几点关门呀',
]
const ANSWERS = [
  '您好，今天会员日 8 折哦',
  '有的，我给您留一份',
  '满 39 元三公里内免配送',
  '刚到一批，我拍给您看',
  '晚上十点打烊，欢迎来',
]

export interface Newcomer {
  customer: number
  userid: string
  /** Nothing is done after the story's end. */
  endMs: number
}

/** What a newcomer does after adding, each by chance and in his own time. */
export function laterOn(platform: Platform, habits: Habits, luck: Dice, newcomer: Newcomer, done: () => void): void {
  const { clock } = platform
  const { customer, userid, endMs } = newcomer
  const id = customerId(customer)
  const at = (share: number, afterMs: number, act: () => void) => {
    // Drawn always, so that one person's luck does not hang on another's habits.
    const drawn = luck.next() < share
    const whenMs = clock.now() + afterMs * (0.5 + luck.next())
    if (!drawn || whenMs > endMs) return
    clock.setTimer(whenMs, () => {
      if (attempt(act)) done()
    })
  }
  const minute = 60_000
  const member = platform.world.staff.find(userid)
  at(habits.isAnswered, minute, () => {
    if (member !== undefined) accept(platform, member, customer)
  })
  at(habits.writes, 3 * minute, () => {
    write(platform, personOf(platform, id), userid, ASKS[luck.below(ASKS.length)] ?? '')
    at(habits.isAnswered, 4 * minute, () => {
      write(platform, personOf(platform, userid), id, ANSWERS[luck.below(ANSWERS.length)] ?? '')
    })
  })
  at(habits.joins, 30 * minute, () => {
    const ways = [...platform.world.codes.joinWays.values()]
    const way = ways[luck.below(Math.max(1, ways.length))]
    if (way !== undefined) joinByCode(platform, customer, way.content)
  })
  at(habits.leaves, 180 * minute, () => endRelation(platform, personOf(platform, id), userid))
  at(habits.isDropped, 240 * minute, () => endRelation(platform, personOf(platform, userid), id))
}

/** What has become impossible meanwhile (deleted, group full) is let be. */
function attempt(act: () => void): boolean {
  try {
    act()
    return true
  } catch (error) {
    if (error instanceof Refusal) return false
    throw error
  }
}
