import { kindOf, type MessageKindName } from './words.ts'

/** What a tap on a button of a message does. */
export const deeds = ['acknowledge', 'done', 'open'] as const
export type Deed = (typeof deeds)[number]

export interface Button {
  readonly does: Deed
  readonly text: string
  /** Of `open`: where it leads. */
  readonly url?: string | undefined
}

/** What a kind's buttons may do: who has read it can always be asked for, a task be marked as done only where there is one. */
export function deedsOf(kind: MessageKindName): readonly Deed[] {
  const { card, task } = kindOf(kind)
  if (card === true) return []
  return deeds.filter((deed) => deed !== 'done' || task === true)
}

export type ButtonFault =
  | { readonly what: 'not_here'; readonly at: number }
  | { readonly what: 'twice'; readonly at: number }
  | { readonly what: 'no_address'; readonly at: number }

/** The first thing that is wrong with the buttons of a kind; the text of each is the schema's care. */
export function buttonFault(kind: MessageKindName, buttons: readonly Button[]): ButtonFault | undefined {
  const possible = deedsOf(kind)
  for (const [at, { does, url }] of buttons.entries()) {
    if (!possible.includes(does)) return { what: 'not_here', at }
    // the platform tells which button was tapped by its deed alone
    if (does !== 'open' && buttons.findIndex((one) => one.does === does) !== at) return { what: 'twice', at }
    if (does === 'open' && !isAddress(url ?? '')) return { what: 'no_address', at }
  }
  return undefined
}

function isAddress(text: string): boolean {
  return URL.canParse(text) && ['http:', 'https:'].includes(new URL(text).protocol)
}

/** What stands in place of the buttons once one was tapped: who did what. */
export function tapOutcome(does: 'acknowledge' | 'done', name: string, already: boolean): string {
  if (already) return '此前已完成'
  return `${name} ${does === 'done' ? '已完成' : '已收到'}`
}
