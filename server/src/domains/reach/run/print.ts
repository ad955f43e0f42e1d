import { createHash } from 'node:crypto'
import type { Message } from './brief.ts'

/** By what a task is known again at the platform, kept with its effect before it is asked for. */
export interface Print {
  /** Tokens of its own links. */
  readonly links: readonly string[]
  /** Of its text, for a task without links. */
  readonly text: string
}

const token = /\/l\/([\w-]{20})(?![\w-])/g

/** The tokens of tracked links that stand in texts and addresses. */
export function tokensIn(texts: readonly string[]): readonly string[] {
  return [...new Set(texts.flatMap((text) => [...text.matchAll(token)].map((found) => found[1] ?? '')))]
}

export function printOf(message: Pick<Message, 'text' | 'links'>): Print {
  return { links: tokensIn(message.links), text: textPrint(message.text) }
}

export function textPrint(text: string): string {
  return createHash('sha256').update(text).digest('base64url').slice(0, 24)
}

/** A mass send as the platform lists it (93338). */
export interface Listed {
  readonly msgid: string
  readonly madeAt: Date
  readonly text: string
  readonly addresses: readonly string[]
}

/** A task whose answer was lost. */
export interface Lost {
  readonly key: string
  readonly askedAt: Date
  readonly print: Print
}

export interface Matches {
  /** By the key of the task: known by a token of its own. */
  readonly sure: ReadonlyMap<string, string>
  /** Further sends of a task that is found already: they must not go out beside it. */
  readonly extra: readonly string[]
  /** Sends that may be one of the tasks without links: same words, not made before the first of them was asked for. */
  readonly maybe: readonly string[]
}

/** Clocks of the platform and ours may differ by so much. */
const skewMs = 2 * 60_000

/** Which of the sends that nobody knows are these tasks. */
export function match(listed: readonly Listed[], lost: readonly Lost[]): Matches {
  const byToken = new Map(lost.flatMap((one) => one.print.links.map((link) => [link, one] as const)))
  const byText = Map.groupBy(
    lost.filter((one) => one.print.links.length === 0),
    (one) => one.print.text,
  )
  const sure = new Map<string, string>()
  const maybe: string[] = []
  const extra: string[] = []
  // the first that was made is the task
  for (const send of [...listed].sort((a, b) => a.madeAt.getTime() - b.madeAt.getTime())) {
    const late = (one: Lost) => send.madeAt.getTime() + skewMs >= one.askedAt.getTime()
    const owner = tokensIn([send.text, ...send.addresses])
      .map((one) => byToken.get(one))
      .find((one) => one !== undefined)
    if (owner !== undefined) {
      if (!late(owner)) continue
      if (sure.has(owner.key)) extra.push(send.msgid)
      else sure.set(owner.key, send.msgid)
      continue
    }
    if (byText.get(textPrint(send.text))?.some(late)) maybe.push(send.msgid)
  }
  return { sure, extra, maybe }
}
