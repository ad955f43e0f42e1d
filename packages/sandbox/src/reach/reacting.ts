import { Refusal } from '../admin/refusal.ts'
import { customerId } from '../people/chats.ts'
import { endRelation } from '../people/chatting.ts'
import { customersIn, leave } from '../people/groups.ts'
import type { Platform } from '../platform.ts'
import { hash } from '../random.ts'
import { buyerOf } from '../weixin/people.ts'
import { customerKey } from '../world/groups.ts'
import type { Broadcast } from './broadcasts.ts'
import type { Delivery, DeliveryRow } from './deliveries.ts'
import { LONGEST_REACTION_MS, reactionOf } from './model.ts'

const CLICKS = 1
const BUYS = 2
const DELETES = 3
type Act = typeof CLICKS | typeof BUYS | typeof DELETES

/** What is still to be done, in order of time; kept as numbers, since a large send has a million of them. */
interface Agenda {
  readonly atMs: Float64Array
  readonly act: Uint8Array
  readonly customer: Uint32Array
  /** Number of the delivery. */
  readonly delivery: Uint32Array
}

/** Who got these messages one by one will react, each as he is and in his own time. Reading alone changes nothing. */
export function react(platform: Platform, from: number, to: number): void {
  const { toCustomers } = platform.reach
  run(
    platform,
    agenda(platform, from, to, toCustomers.row, (row) => [row.to]),
    inChat,
  )
}

/** The same of everybody in the groups that got these. */
export function reactInGroups(platform: Platform, from: number, to: number): void {
  const { world, reach } = platform
  const members = ({ to: number }: Delivery) => customersIn(world.groups.get(chatOf(platform, number)))
  run(platform, agenda(platform, from, to, reach.toGroups.row, members), inGroup)
}

/** After a restart: what had not been done when the sandbox stopped. */
export function reactAgain(platform: Platform): void {
  const { toCustomers, toGroups } = platform.reach
  react(platform, 0, toCustomers.total)
  reactInGroups(platform, 0, toGroups.total)
}

/** How many messages somebody had in a group counts apart from those that he got himself. */
const luckOf = (row: DeliveryRow, inAGroup: boolean) => (inAGroup ? hash(row.to + 1, row.nth) : row.nth)

function agenda(
  platform: Platform,
  from: number,
  to: number,
  rowAt: (number: number) => DeliveryRow,
  readers: (row: DeliveryRow) => readonly number[],
): Agenda {
  const { reach, clock } = platform
  const nowMs = clock.now()
  const inAGroup = rowAt === reach.toGroups.row
  const due: { atMs: number; act: Act; customer: number; delivery: number }[] = []
  for (let delivery = from; delivery < to; delivery++) {
    const row = rowAt(delivery)
    const sentMs = row.atS * 1000
    if (sentMs + LONGEST_REACTION_MS < nowMs) continue
    const appeal = reach.broadcasts.all[row.broadcast]?.appeal
    if (appeal === undefined) continue
    for (const customer of readers(row)) {
      const { clicksMs, buysMs, deletesMs } = reactionOf(platform, customer, luckOf(row, inAGroup), appeal)
      const add = (act: Act, afterMs: number | undefined) => {
        if (afterMs !== undefined && sentMs + afterMs >= nowMs)
          due.push({ atMs: sentMs + afterMs, act, customer, delivery })
      }
      add(CLICKS, clicksMs)
      add(BUYS, buysMs)
      add(DELETES, deletesMs)
    }
  }
  due.sort((a, b) => a.atMs - b.atMs || a.delivery - b.delivery || a.customer - b.customer || a.act - b.act)
  return {
    atMs: Float64Array.from(due, ({ atMs }) => atMs),
    act: Uint8Array.from(due, ({ act }) => act),
    customer: Uint32Array.from(due, ({ customer }) => customer),
    delivery: Uint32Array.from(due, ({ delivery }) => delivery),
  }
}

type Doing = (platform: Platform, act: Act, customer: number, delivery: number) => void

/** One timer for the whole list: it is set anew after each thing that was done. */
function run(platform: Platform, { atMs, act, customer, delivery }: Agenda, doing: Doing, at = 0): void {
  const nextMs = atMs[at]
  if (nextMs === undefined) return
  platform.clock.setTimer(nextMs, () => {
    let next = at
    for (; atMs[next] === nextMs; next++) {
      try {
        doing(platform, (act[next] ?? CLICKS) as Act, customer[next] ?? 0, delivery[next] ?? 0)
      } catch (error) {
        // what has become impossible meanwhile (deleted before, sold out) is let be
        if (!(error instanceof Refusal)) throw error
      }
    }
    run(platform, { atMs, act, customer, delivery }, doing, next)
  })
}

function inChat(platform: Platform, act: Act, customer: number, delivery: number): void {
  const { reach, world } = platform
  const row = reach.toCustomers.row(delivery)
  const member = world.staff.at(row.staff)
  if (member === undefined) return
  if (act === DELETES) endRelation(platform, { kind: 'customer', customer }, member.userid)
  else anywhere(platform, act, customer, reach.broadcasts.all[row.broadcast], row)
}

function inGroup(platform: Platform, act: Act, customer: number, delivery: number): void {
  const { reach } = platform
  const row = reach.toGroups.row(delivery)
  const chatId = chatOf(platform, row.to)
  if (act === DELETES) leave(platform, customerKey(customer), chatId)
  else anywhere(platform, act, customer, reach.broadcasts.all[row.broadcast], row)
}

function anywhere(
  platform: Platform,
  act: Act,
  customer: number,
  broadcast: Broadcast | undefined,
  row: DeliveryRow,
): void {
  if (act === BUYS) buy(platform, customer, row.broadcast)
  else if (broadcast !== undefined) click(platform, customer, broadcast)
}

/** One of what there is, in the shop's mini program; people of other corps have no account there. */
export function buy(platform: Platform, customer: number, occasion: number): void {
  const { shop } = platform.weixin
  if (platform.world.customers.isWecom(customer)) return
  const goods = shop.products().filter(({ stock }) => stock > 0)
  const wanted = goods[hash(customer, occasion) % Math.max(1, goods.length)]
  if (wanted === undefined) return
  shop.pay(buyerOf(platform, customer), { items: [{ productId: wanted.id, quantity: 1 }] })
}

/** He opens the first link, in WeChat's browser: the brand's own pages only, and whether they answer is not his care. */
function click(platform: Platform, customer: number, { text, attachments }: Broadcast): void {
  const link = attachments.find((attachment) => attachment.msgtype === 'link')
  const url = link?.link.url ?? /https?:\/\/[^\s\u3000-\uffef]+/.exec(text)?.[0]
  if (url !== undefined) platform.clicks.open(customerId(customer), url)
}

function chatOf({ reach }: Platform, number: number): string {
  return reach.groups[number] ?? ''
}
