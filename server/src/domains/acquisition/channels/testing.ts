import type { Candidate, StaffFacts } from './assignment.ts'

/** A member as a channel names him, first of all and without a limit unless told. */
export function candidate(userid: string, over: Partial<Candidate> = {}): Candidate {
  return { userid, key: `staff:${userid}`, position: 0, weight: 1, dailyLimit: null, ...over }
}

/** A member who may take whoever comes, unless told. */
export function staffFacts(userid: string, over: Partial<StaffFacts> = {}): StaffFacts {
  return {
    userid,
    name: userid,
    gone: false,
    status: 1,
    follows: true,
    addable: 'unknown',
    customers: 0,
    cap: 5000,
    broughtToday: 0,
    openToday: 0,
    lastShownAt: null,
    firstSeenAt: new Date('2026-01-01'),
    ...over,
  }
}
