import { Refusal } from '../admin/refusal.ts'
import { customerId } from '../people/chats.ts'
import { endRelation } from '../people/chatting.ts'
import { customersIn, leave } from '../people/groups.ts'
import type { Platform } from '../platform.ts'
import { hash } from '../random.ts'
import { buyerOf } from '../weixin/people.ts'
import { customerKey } from '../world/groups.ts'
import type { Broadcasts } from './broadcasts.ts'
import type { DeliveryRow } from './deliveries.ts'
import { LONGEST_REACTION_MS, momentReactionOf, type Reaction, reactionOf } from './model.ts'

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

/** Where something reached people: who of them reacts to it, how, and how that is done. */
interface Place {
  readonly total: number
  row(number: number): DeliveryRow
  readers(row: DeliveryRow): readonly number[]
  /** Undefined: nothing was planted for it. */
  reaction(row: DeliveryRow, customer: number): Reaction | undefined
  /** Ends what brought it to him. */
  leave(customer: number, row: DeliveryRow): void
  /** What it was, as one number among all that makes people buy. */
  occasion(row: DeliveryRow): number
  content(row: DeliveryRow): { readonly link: string | undefined; readonly text: string } | undefined
}

/** Who got these messages one by one will react, each as he is and in his own time. Reading alone changes nothing. */
export function react(platform: Platform, from: number, to: number): void {
  run(platform, inChats(platform), from, to)
}

/** The same of everybody in the groups that got these. */
export function reactInGroups(platform: Platform, from: number, to: number): void {
  run(platform, inGroups(platform), from, to)
}

/** The same of everybody to whose eyes these Moments came. */
export function reactToMoments(platform: Platform, from: number, to: number): void {
  run(platform, inMoments(platform), from, to)
}

/** After a restart: what had not been done when the sandbox stopped. */
export function reactAgain(platform: Platform): void {
  for (const place of [inChats(platform), inGroups(platform), inMoments(platform)]) run(platform, place, 0, place.total)
}

function inChats(platform: Platform): Place {
  const { toCustomers, broadcasts } = platform.reach
  return {
    ...ofSends(broadcasts),
    total: toCustomers.total,
    row: toCustomers.row,
    readers: (row) => [row.to],
    reaction(row, customer) {
      const appeal = broadcasts.all[row.broadcast]?.appeal
      return appeal === undefined ? undefined : reactionOf(platform, customer, row.nth, appeal)
    },
    leave: (customer, row) => deleteMember(platform, customer, row.staff),
  }
}

function inGroups(platform: Platform): Place {
  const { reach, world } = platform
  const { toGroups, broadcasts } = reach
  const chatOf = ({ to }: DeliveryRow) => reach.groups[to] ?? ''
  return {
    ...ofSends(broadcasts),
    total: toGroups.total,
    row: toGroups.row,
    readers: (row) => customersIn(world.groups.get(chatOf(row))),
    reaction(row, customer) {
      const appeal = broadcasts.all[row.broadcast]?.appeal
      // how many messages somebody had in a group counts apart from those that he got himself
      return appeal === undefined ? undefined : reactionOf(platform, customer, hash(row.to + 1, row.nth), appeal)
    },
    leave: (customer, row) => leave(platform, customerKey(customer), chatOf(row)),
  }
}

function ofSends({ all }: Broadcasts): Pick<Place, 'occasion' | 'content'> {
  return {
    occasion: (row) => row.broadcast,
    content(row) {
      const sent = all[row.broadcast]
      const link = sent?.attachments.find((attachment) => attachment.msgtype === 'link')
      return sent === undefined ? undefined : { link: link?.link.url, text: sent.text }
    },
  }
}

function inMoments(platform: Platform): Place {
  const { views, all } = platform.reach.moments
  return {
    total: views.total,
    row: views.row,
    readers: (row) => [row.to],
    reaction(row, customer) {
      const appeal = all[row.broadcast]?.appeal
      return appeal === undefined ? undefined : momentReactionOf(platform, customer, row.nth, appeal)
    },
    leave: (customer, row) => deleteMember(platform, customer, row.staff),
    // counted downwards: no send has such a number
    occasion: (row) => -1 - row.broadcast,
    content(row) {
      const moment = all[row.broadcast]
      return moment === undefined ? undefined : { link: moment.link?.url, text: moment.text }
    },
  }
}

function agenda(platform: Platform, place: Place, from: number, to: number): Agenda {
  const nowMs = platform.clock.now()
  const due: { atMs: number; act: Act; customer: number; delivery: number }[] = []
  for (let delivery = from; delivery < to; delivery++) {
    const row = place.row(delivery)
    const sentMs = row.atS * 1000
    if (sentMs + LONGEST_REACTION_MS < nowMs) continue
    for (const customer of place.readers(row)) {
      const reaction = place.reaction(row, customer)
      if (reaction === undefined) continue
      const add = (act: Act, afterMs: number | undefined) => {
        if (afterMs !== undefined && sentMs + afterMs >= nowMs)
          due.push({ atMs: sentMs + afterMs, act, customer, delivery })
      }
      add(CLICKS, reaction.clicksMs)
      add(BUYS, reaction.buysMs)
      add(DELETES, reaction.deletesMs)
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

function run(platform: Platform, place: Place, from: number, to: number): void {
  goOn(platform, agenda(platform, place, from, to), place)
}

/** One timer for the whole list: it is set anew after each thing that was done. */
function goOn(platform: Platform, list: Agenda, place: Place, at = 0): void {
  const { atMs, act, customer, delivery } = list
  const nextMs = atMs[at]
  if (nextMs === undefined) return
  platform.clock.setTimer(nextMs, () => {
    let next = at
    for (; atMs[next] === nextMs; next++) {
      try {
        perform(platform, place, (act[next] ?? CLICKS) as Act, customer[next] ?? 0, place.row(delivery[next] ?? 0))
      } catch (error) {
        // what has become impossible meanwhile (deleted before, sold out) is let be
        if (!(error instanceof Refusal)) throw error
      }
    }
    goOn(platform, list, place, next)
  })
}

function perform(platform: Platform, place: Place, act: Act, customer: number, row: DeliveryRow): void {
  if (act === DELETES) place.leave(customer, row)
  else if (act === BUYS) buy(platform, customer, place.occasion(row))
  else click(platform, customer, place.content(row))
}

function deleteMember(platform: Platform, customer: number, staff: number): void {
  const member = platform.world.staff.at(staff)
  if (member !== undefined) endRelation(platform, { kind: 'customer', customer }, member.userid)
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

/**
 * He opens the link, or the first that stands in the text, in WeChat's browser: the brand's own pages only, and whether they
 * answer is not his care.
 */
function click(platform: Platform, customer: number, content: ReturnType<Place['content']>): void {
  const url = content?.link ?? /https?:\/\/[^\s\u3000-\uffef]+/.exec(content?.text ?? '')?.[0]
  if (url !== undefined) platform.clicks.open(customerId(customer), url)
}
