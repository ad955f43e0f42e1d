/** What is known of somebody who left that helps to win him back. */
export interface LeftBehind {
  readonly endedBy: 'customer' | 'staff' | 'transfer' | null
  readonly addedAt: Date | null
  readonly endedAt: Date
  /** Other members who still have him. */
  readonly others: readonly string[]
  readonly groups: readonly string[]
  readonly followsAccount: boolean
  readonly hasPhone: boolean
}

export type RecoverHint = 'colleague' | 'group' | 'account' | 'phone' | 'check_member' | 'early'

const earlyMs = 24 * 3_600_000

/** Ways to reach him again that WeCom leaves open, the surest first; then what the loss itself says. */
export function recoverHints(left: LeftBehind): readonly RecoverHint[] {
  const hints: RecoverHint[] = []
  if (left.endedBy === 'staff') hints.push('check_member')
  if (left.others.length > 0) hints.push('colleague')
  if (left.groups.length > 0) hints.push('group')
  if (left.followsAccount) hints.push('account')
  if (left.hasPhone) hints.push('phone')
  if (left.addedAt !== null && left.endedAt.getTime() - left.addedAt.getTime() < earlyMs) hints.push('early')
  return hints
}
