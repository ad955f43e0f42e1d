import type { Message } from '../api/types.ts'

export type Pending = {
  readonly id: number
  readonly text: string
  readonly failed: boolean
  /** Own messages of these words that stood or were on their way when this one was sent. */
  readonly before: number
}

function ownOf(messages: readonly Message[], person: string, text: string): number {
  return messages.filter(({ from, body }) => from === person && body.type === 'text' && body.content === text).length
}

export function pendingOf(
  id: number,
  text: string,
  messages: readonly Message[],
  person: string,
  pending: readonly Pending[],
): Pending {
  const onTheWay = pending.filter((one) => one.text === text).length
  return { id, text, failed: false, before: ownOf(messages, person, text) + onTheWay }
}

/** The platform's own message may be seen before the answer to the sending: it must not stand there twice meanwhile. */
export function stillPending(pending: readonly Pending[], messages: readonly Message[], person: string): Pending[] {
  return pending.filter((one) => ownOf(messages, person, one.text) <= one.before)
}
