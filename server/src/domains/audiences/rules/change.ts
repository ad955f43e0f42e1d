import {
  type BehaviourOfPerson,
  digitMarks,
  markOf,
  marksOfNumber,
  type OrderOfPerson,
  type RelationOfPerson,
} from './facts.ts'

/** What another room learnt of a person, as far as audiences may ask for it. */
export type Change = { readonly customerId: number } & (
  | { readonly kind: 'person'; readonly present: boolean }
  | { readonly kind: 'mark'; readonly key: string; readonly present: boolean }
  /** `whole`: of a field that never has decimals, such as a date. */
  | { readonly kind: 'number'; readonly field: string; readonly value: number | null; readonly whole?: true }
  /** The relation as it is now; one a member of staff. */
  | { readonly kind: 'relation'; readonly relation: RelationOfPerson }
  /** The order as it is now, with what was refunded taken off; null: it does not count any more. */
  | {
      readonly kind: 'order'
      readonly id: number
      readonly order: OrderOfPerson | null
      /** Nothing of it can have been told before. */
      readonly fresh?: boolean
    }
  /** More of what happened that day. */
  | { readonly kind: 'behaviour'; readonly behaviour: BehaviourOfPerson }
)

export interface MarkChange {
  readonly customerId: number
  readonly key: string
  readonly present: boolean
}

/** The marks that changes of persons, marks and numbers come to; the last of the same mark wins. */
export function markChanges(changes: readonly Change[]): readonly MarkChange[] {
  const last = new Map<string, MarkChange>()
  const note = (customerId: number, key: string, present: boolean) =>
    last.set(`${customerId} ${key}`, { customerId, key, present })
  for (const change of changes) {
    const { customerId } = change
    if (change.kind === 'person') note(customerId, markOf.person, change.present)
    else if (change.kind === 'mark') note(customerId, change.key, change.present)
    else if (change.kind === 'number') {
      const present = new Set(change.value === null ? [] : marksOfNumber(change.field, change.value))
      for (const key of digitMarks(change.field, change.whole === true)) note(customerId, key, present.has(key))
    }
  }
  return [...last.values()]
}
