/** What a message says of its matter, by the names that its words use. */
export type Values = Readonly<Record<string, string>>

export interface MessageKind {
  readonly name: { readonly zh: string; readonly en: string }
  /** What its words may use, as they stand in braces. */
  readonly variables: readonly string[]
  readonly words: string
  /** What stands on a member's list of tasks under the same key, and a button may mark as done. */
  readonly task?: true
  /** Told as a card of its own making, with buttons that the brand does not choose. */
  readonly card?: true
}

/** What staff are told of, with the words that come with the product. */
export const messageKinds = {
  'order.paid': {
    name: { zh: '客户下单', en: 'Customer paid an order' },
    variables: ['客户', '金额', '订单号', '时间'],
    words: '{客户} 支付了 {金额} 元（订单 {订单号}，{时间}）',
  },
  'campaign.unconfirmed': {
    name: { zh: '群发未确认', en: 'A send was not confirmed' },
    variables: ['员工', '活动', '人数'],
    words: '{员工} 没有确认「{活动}」，{人数} 位客户没有收到，请跟进',
    task: true,
  },
  'campaign.approval': {
    name: { zh: '群发待审批', en: 'A send waits for approval' },
    variables: ['活动', '提交人', '收件人'],
    words: '待审批：{活动}',
    card: true,
  },
  'campaign.publish': {
    name: { zh: '朋友圈待发表', en: 'A Moment waits to be published' },
    variables: ['活动', '人数', '截止'],
    words: '请在企业微信「客户朋友圈」发表「{活动}」，{人数} 位客户在等（{截止} 前有效）',
  },
  'campaign.unpublished': {
    name: { zh: '朋友圈未发表', en: 'A Moment was not published' },
    variables: ['员工', '活动', '人数'],
    words: '{员工} 没有发表朋友圈「{活动}」，{人数} 位客户看不到，请跟进',
    task: true,
  },
  'campaign.taken_over': {
    name: { zh: '接手群发', en: 'Took over a send' },
    variables: ['员工', '活动', '人数'],
    words: '{员工} 不在岗，你接手了「{活动}」的 {人数} 位客户，请在群发助手里确认',
  },
  'campaign.reassigned': {
    name: { zh: '群发改派', en: 'A send was reassigned' },
    variables: ['员工', '活动', '人数', '接手', '未发'],
    words: '{员工} 不在岗，「{活动}」有 {人数} 位客户改由 {接手} 发送，{未发} 位没有其他好友员工，未发送',
  },
} satisfies Readonly<Record<string, MessageKind>>
export type MessageKindName = keyof typeof messageKinds

export const kindOf = (name: MessageKindName): MessageKind => messageKinds[name]

export function isMessageKind(kind: string): kind is MessageKindName {
  return Object.hasOwn(messageKinds, kind)
}
export const messageKindNames = Object.keys(messageKinds).filter(isMessageKind)

/**
 * The words with their variables filled in, in one line; a variable without a value is left out, never shown in braces. A
 * text may hold links as `<a>` (90236), which the brand may write; what customers call themselves must not become one.
 */
export function filled(words: string, values: Values): string {
  const said = words.replace(/\{([^{}]*)\}/g, (_, name: string) => (values[name] ?? '').replaceAll('<', '＜'))
  return said.replace(/\s+/g, ' ').trim()
}

/** Variables that words name and their kind does not have. */
export function strangeVariables(kind: MessageKindName, words: string): readonly string[] {
  const known: readonly string[] = kindOf(kind).variables
  return [...words.matchAll(/\{([^{}]*)\}/g)].flatMap(([, name = '']) => (known.includes(name) ? [] : [name]))
}

/** A brace without its other half: what follows would be told as it stands. */
export function hasLooseBrace(words: string): boolean {
  return /[{}]/.test(words.replace(/\{[^{}]*\}/g, ''))
}

const bytesOf = (text: string) => Buffer.byteLength(text, 'utf8')

/** As much of a text as so many bytes of UTF-8 hold; the platform would cut it without a word. */
export function within(text: string, bytes: number): string {
  if (bytesOf(text) <= bytes) return text
  let kept = ''
  for (const char of text) {
    if (bytesOf(kept) + bytesOf(char) + bytesOf('…') > bytes) break
    kept += char
  }
  return `${kept}…`
}

const bullet = '· '

export interface Part {
  readonly text: string
  /** How many of the lines it carries, from where the part before ended. */
  readonly lines: number
}

/**
 * Many lines in as few messages as hold them, at most `most`; what does not fit is for the next time. No line is left out or
 * cut but one that no message could hold.
 */
export function digest(lines: readonly string[], most: number, bytes: number): readonly Part[] {
  const head = (count: number) => `${count} 条新消息：`
  const room = bytes - bytesOf(head(9_999))
  const parts: Part[] = []
  let held: string[] = []
  let used = 0
  const close = () => {
    const [first] = held
    // a single line is told as it would be alone
    if (first !== undefined)
      parts.push({
        text: held.length === 1 ? first.slice(bullet.length) : [head(held.length), ...held].join('\n'),
        lines: held.length,
      })
    held = []
    used = 0
  }
  for (const line of lines) {
    const kept = within(bullet + line, room - 1)
    const cost = bytesOf(kept) + 1
    if (used + cost > room) close()
    if (parts.length === most) return parts
    held.push(kept)
    used += cost
  }
  close()
  return parts
}
