export interface DoneThatDay {
  readonly customerId: number
  readonly name: string
  /** Number of the day on the corp's wall calendar. */
  readonly day: number
}

/** How often each person did each thing on each day. */
export function daysOf(done: readonly DoneThatDay[]): readonly (DoneThatDay & { readonly times: number })[] {
  const counted = new Map<string, DoneThatDay & { times: number }>()
  for (const one of done) {
    const key = `${one.customerId} ${one.day} ${one.name}`
    const known = counted.get(key)
    if (known === undefined) counted.set(key, { ...one, times: 1 })
    else known.times += 1
  }
  return [...counted.values()]
}
