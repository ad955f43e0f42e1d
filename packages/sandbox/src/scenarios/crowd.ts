import { Refusal } from '../admin/refusal.ts'
import type { Platform } from '../platform.ts'
import type { Dice } from '../random.ts'
import {
  buyerOf,
  follow,
  openMiniprogram,
  scanScene,
  standing,
  tapMenu,
  unfollow,
  writeToAccount,
} from '../weixin/people.ts'
import { answerSubscription, setTemplate } from '../weixin/reception.ts'
import type { CrowdHabits } from './scripts.ts'

const MINUTE = 60_000
const HOUR = 60 * MINUTE
/** Of a hundred visitors so many were never seen before. */
const NEW_SHARE = 0.4
const MOST_AT_ONCE = 3
const ASKS = ['榴莲什么时候到货', '门店几点关门', '会员有什么优惠', '可以配送吗']

export interface Crowd {
  readonly platform: Platform
  readonly habits: CrowdHabits
  readonly luck: Dice
  readonly onlyNew: boolean
  /** Nothing is done after the story's end. */
  readonly endMs: number
  /** He did one more thing. */
  readonly done: () => void
  /** He adds a member of the store. */
  readonly add: (customer: number) => void
}

/** One visitor of the Official Account and the shop, each step by chance and in his own time; false: nobody came. */
export function visitOne(crowd: Crowd): boolean {
  const { platform, habits, luck, onlyNew } = crowd
  const { customers } = platform.world
  const customer = onlyNew || luck.next() < NEW_SHARE ? customers.add() : luck.below(customers.count)
  // people of other corps have no WeChat here
  if (customers.isWecom(customer)) return false
  const step = steps(crowd)
  step(habits.follows, 0, () => {
    come(crowd, customer)
    step(habits.writes, 2 * MINUTE, () => writeToAccount(platform, customer, ASKS[luck.below(ASKS.length)] ?? ''))
    step(habits.taps, 3 * MINUTE, () => tapSomething(crowd, customer))
    step(habits.unfollows, 8 * HOUR, () => unfollow(platform, customer))
  })
  step(habits.opens, 4 * MINUTE, () => {
    const opened = openMiniprogram(platform, { customer }, {})
    const account = platform.weixin.accounts.get(opened.account)
    if (account !== undefined) void platform.weixin.backends.logIn(account, opened)
    look(crowd, customer, step)
  })
  return true
}

type Step = (share: number, afterMs: number, act: () => void) => void

function steps({ platform, luck, endMs, done }: Crowd): Step {
  return (share, afterMs, act) => {
    // drawn always, so that one person's luck does not hang on another's habits
    const drawn = luck.next() < share
    const whenMs = platform.clock.now() + afterMs * (0.5 + luck.next())
    if (!drawn || whenMs > endMs) return
    platform.clock.setTimer(whenMs, () => {
      try {
        act()
        done()
      } catch (error) {
        // what has become impossible meanwhile (sold out, unfollowed) is let be
        if (!(error instanceof Refusal)) throw error
      }
    })
  }
}

/** By one of the account's codes where there is one that lives, else by himself. */
function come({ platform, luck }: Crowd, customer: number): void {
  const { clock, weixin } = platform
  const codes = weixin.scenes.all().filter(({ expiresMs }) => expiresMs === null || expiresMs > clock.now())
  const code = codes[luck.below(Math.max(1, codes.length))]
  if (code === undefined) follow(platform, customer, 'search')
  else scanScene(platform, customer, code.ticket)
}

function tapSomething({ platform, luck }: Crowd, customer: number): void {
  const menu = standing(platform, customer).accounts.find(({ key }) => key === 'service')?.menu ?? []
  const leaves = menu.flatMap((button) => (button.below.length === 0 ? [button] : button.below))
  const leaf = leaves[luck.below(Math.max(1, leaves.length))]
  if (leaf === undefined) return
  const { type, key, url, pagepath } = leaf
  tapMenu(platform, customer, type === 'miniprogram' ? { pagepath } : type === 'view' ? { url } : { key })
}

/** Looks at some goods; picks one, pays, and what comes after. */
function look(crowd: Crowd, customer: number, step: Step): void {
  const { platform, habits, luck } = crowd
  const { shop } = platform.weixin
  const goods = shop.products().filter(({ stock }) => stock > 0)
  const seen = Array.from({ length: 1 + luck.below(4) }, () => goods[luck.below(goods.length)]?.id ?? '')
  const buyer = () => buyerOf(platform, customer)
  seen.forEach((id, nth) => {
    step(1, (nth + 1) * MINUTE, () => shop.view(buyer(), id))
  })
  const [wanted = ''] = seen
  step(habits.picks, 6 * MINUTE, () => {
    shop.addToCart(buyer(), wanted, 1 + luck.below(MOST_AT_ONCE))
    step(habits.pays, 3 * MINUTE, () => {
      const order = shop.pay(buyer(), {})
      step(habits.agrees, MINUTE, () => agree(crowd, customer, step))
      step(habits.refunds, 3 * HOUR, () => shop.refund(customer, order.id, refundOf(order.totalFen, luck)))
      step(habits.adds, 5 * MINUTE, () => crowd.add(customer))
    })
  })
}

/** Mostly one thing that was not good; sometimes all of it. */
function refundOf(totalFen: number, luck: Dice): { amountFen?: number; reason: string } {
  const whole = luck.next() < 0.3
  return { reason: '坏果', ...(whole ? {} : { amountFen: Math.max(1, Math.floor(totalFen / 3)) }) }
}

function agree({ platform, habits, luck }: Crowd, customer: number, step: Step): void {
  const templates = platform.weixin.accounts.get('shop')?.templates ?? []
  const answers = templates.map(({ id }) => ({ id, accept: luck.next() < 0.8 }))
  answerSubscription(platform, customer, answers)
  const [first] = answers
  if (first === undefined) return
  step(habits.refuses, 5 * HOUR, () =>
    setTemplate(platform, customer, { account: 'shop', template: first.id, receive: false }),
  )
}
