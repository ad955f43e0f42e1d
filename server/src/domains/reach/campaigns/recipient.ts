/** What was decided of somebody whom a campaign's audience names. Its place is kept: new ones go to the end. */
export const fates = [
  'sent_to',
  'held',
  'dropped',
  'excluded',
  'holdout',
  'global_holdout',
  'no_sender',
  'elsewhere',
] as const
export type Fate = (typeof fates)[number]

export function fateNumber(fate: Fate): number {
  return fates.indexOf(fate)
}

/** Whom the lot kept out. Whatever is decided of others later is decided of them too, or the two would be no comparison. */
export const drawnOut: readonly Fate[] = ['holdout', 'global_holdout', 'elsewhere']

/** Why nobody can send anything to somebody; no_variant: every content is for others. Its place is kept. */
export const senderReasons = [
  'no_relation',
  'sender_gone',
  'sender_away',
  'not_in_set',
  'sender_full',
  'no_variant',
  'not_given',
  'no_owner',
  'not_marked',
  'same_person',
] as const
export type SenderReason = (typeof senderReasons)[number]

/** The platform's word about a recipient of a task (93338). */
export const sendStatus = { unsent: 0, sent: 1, noFriend: 2, overCap: 3 } as const
