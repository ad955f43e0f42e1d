import type { Callback } from '../../intake/index.ts'
import { channelStateOf } from '../channels/channel.ts'

/** A customer added a member, or half did: the callbacks that may bring a welcome. */
export type AddCallback = Callback & {
  readonly event: Extract<Callback['event'], { kind: 'customer.added' | 'customer.half_added' }>
}

export function isAdd(callback: Callback): callback is AddCallback {
  return callback.event.kind === 'customer.added' || callback.event.kind === 'customer.half_added'
}

/** One welcome a relation and add: the copies that several apps get of one add meet in it. */
export function welcomeEffectKey(add: AddCallback): string {
  return `welcome:${add.corpId}:${add.event.userId}:${add.event.externalUserId}:${add.event.createTime}`
}

/** The state of the channel that an add came by. */
export function channelStateOfAdd(callback: Callback): string | undefined {
  return isAdd(callback) && callback.event.state !== undefined && callback.event.state !== ''
    ? channelStateOf(callback.event.state)
    : undefined
}
