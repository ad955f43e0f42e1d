/** A touch that an order may be owed to. */
export interface Touch {
  readonly by: 'click' | 'send'
  readonly run: number
  readonly at: Date
  /** How long an order after it is owed to it. */
  readonly hours: number
}

export interface Credit {
  readonly by: Touch['by']
  readonly run: number
  /** The first of all that were eligible. */
  readonly firstRun: number
}

/**
 * To which of the touches an order is credited (M34): the last click within its window, else the last send within its own.
 * Code source and service chat come after them in the rule and so never take an order from a run; of several at the same
 * moment the later run has it.
 */
export function creditOf(paidAt: Date, touches: readonly Touch[]): Credit | undefined {
  const eligible = touches.filter(
    ({ at, hours }) => at <= paidAt && paidAt.getTime() < at.getTime() + hours * 3_600_000,
  )
  const latest = (by: Touch['by']) =>
    eligible.filter((one) => one.by === by).sort((a, b) => b.at.getTime() - a.at.getTime() || b.run - a.run)[0]
  const [won, first] = [
    latest('click') ?? latest('send'),
    [...eligible].sort((a, b) => a.at.getTime() - b.at.getTime() || a.run - b.run)[0],
  ]
  return won === undefined || first === undefined ? undefined : { by: won.by, run: won.run, firstRun: first.run }
}
