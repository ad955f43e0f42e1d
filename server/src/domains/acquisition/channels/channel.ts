import { randomBytes } from 'node:crypto'

/** What a channel is made of, without I/O. */

export const channelKinds = ['qr', 'link', 'landing'] as const
export type ChannelKind = (typeof channelKinds)[number]

export const strategies = ['platform', 'round_robin', 'sequential', 'weighted', 'least_loaded'] as const
export type Strategy = (typeof strategies)[number]

const alphabet = '23456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz'

/**
 * A `state`, or the code of a landing page's address: 12 characters without look-alikes, 70 bits, so that nobody finds
 * another channel's by guessing. With a member's number it stays far below the platform's 30 characters.
 */
export function newState(random: (size: number) => Buffer = randomBytes): string {
  let state = ''
  while (state.length < 12) {
    for (const byte of random(16)) {
      // 228 = 4 × 57: beyond it, the remainder would favour the first letters
      if (byte < 228 && state.length < 12) state += alphabet[byte % 57]
    }
  }
  return state
}

/** A member's own code on a landing page carries the channel's state, a point and a number. */
export function channelStateOf(state: string): string {
  const point = state.indexOf('.')
  return point < 0 ? state : state.slice(0, point)
}

export function memberState(channelState: string, number: number): string {
  return `${channelState}.${number.toString(36)}`
}
