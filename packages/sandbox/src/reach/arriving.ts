import { customerId } from '../people/chats.ts'
import type { Platform } from '../platform.ts'
import { SENT } from './broadcasts.ts'
import { reactionOf } from './model.ts'
import { bodiesOf } from './sending.ts'

/** Puts the mass messages that came to this person, or that this member sent, into their chats. */
export function arrive(platform: Platform, person: string): void {
  const { reach, world } = platform
  if (reach.toCustomers.total === 0) return
  const customer = /^c(\d+)$/.exec(person)?.[1]
  if (customer !== undefined) {
    arriveAt(platform, Number(customer))
    return
  }
  const member = world.staff.find(person)
  if (member === undefined) return
  for (const { tasks, chatType } of reach.broadcasts.all) {
    const task = tasks.get(member.index)
    if (task?.sentAtMs === undefined || chatType === 'group') continue
    task.targets.forEach((target, at) => {
      if (task.status[at] === SENT) arriveAt(platform, target)
    })
  }
}

function arriveAt(platform: Platform, customer: number): void {
  const { reach, world, chats, clock } = platform
  const { toCustomers, arrived } = reach
  const from = arrived.get(customer) ?? 0
  const numbers = toCustomers.of(customer, from)
  const last = numbers.at(-1)
  if (last === undefined) return
  // before anything is posted: opening the chat asks here again
  arrived.set(customer, last + 1)
  const reader = customerId(customer)
  for (const number of numbers) {
    const { staff, broadcast: of, atS, nth } = toCustomers.row(number)
    const broadcast = reach.broadcasts.all[of]
    const member = world.staff.at(staff)
    if (broadcast === undefined || member === undefined) continue
    const { appKey, appeal } = broadcast
    const atMs = broadcast.tasks.get(staff)?.sentAtMs ?? atS * 1000
    const head = { atMs, from: member.userid, fromName: member.name, source: 'broadcast' as const }
    const room = chats.single(reader, member.userid)
    bodiesOf(platform, broadcast).forEach((body, at) => {
      const id = `d${number}.${at}`
      chats.post(room, { ...head, ...(appKey === undefined ? {} : { appKey }), body, id }, [reader])
    })
    const readsMs = appeal === undefined ? undefined : reactionOf(platform, customer, nth, appeal).readsMs
    if (readsMs !== undefined && atMs + readsMs <= clock.now()) chats.read(room, reader)
  }
}
