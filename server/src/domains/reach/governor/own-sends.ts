import type { Touch } from './touch.ts'

/** A mass send that a member made by himself (93338, create_type 1). */
export interface OwnSend {
  readonly msgid: string
  readonly chatType: 'single' | 'group'
  readonly sender: string
  readonly madeAt: Date
  readonly reads: number
}

/** The platform's word about one of its recipients. */
export interface OwnResult {
  readonly to: string
  readonly status: number
  /** Of one that was sent. */
  readonly sentAt: Date | null
}

const hourMs = 3_600_000
/** He may confirm slowly, or the platform tell late: what is not settled is read again after so long, and then no more. */
const againMs = [hourMs, 4 * hourMs, 24 * hourMs, 72 * hourMs] as const

/** When to read it next, after so many readings; null: never, all is said or nothing more is expected. */
export function readNext(reads: number, settled: boolean, at: Date): Date | null {
  const pause = againMs[reads - 1]
  return settled || pause === undefined ? null : new Date(at.getTime() + pause)
}

/** What reached people of it, told by whom it reached: a member's own mass send is marketing like the house's. */
export function touchesOfOwnSend(
  corpId: number,
  { msgid, sender }: OwnSend,
  reached: readonly { readonly home: number; readonly at: Date }[],
): Touch[] {
  return reached.map(({ home, at }) => ({
    ...{ customerId: home, at, effect: `own:${msgid}`, corpId, sender },
    ...({ channel: 'by_hand', kind: 'marketing' } as const),
  }))
}
