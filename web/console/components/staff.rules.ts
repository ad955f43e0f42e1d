export interface StaffOption {
  id: string
  name: string
  /** Where he works, as one reads it: «上海静安店». */
  place?: string
  /** Why he cannot be chosen here: «客户数已达 4,750/5,000». */
  unavailable?: string
}

export interface StaffGroup {
  id: string
  name: string
  depth: number
}

/** Where the picker finds people. Search is the server's, by name, account, pinyin and initials. */
export interface StaffSource {
  key: string
  groups: () => Promise<StaffGroup[]>
  staff: (ask: { q: string; group: string | undefined }) => Promise<StaffOption[]>
}

/**
 * Ticks or unticks one person; a full list takes nobody more, an unavailable person can only be taken out. Where one is
 * chosen, another takes his place.
 */
export function toggled(chosen: readonly StaffOption[], person: StaffOption, max: number | undefined): StaffOption[] {
  if (chosen.some((one) => one.id === person.id)) return chosen.filter((one) => one.id !== person.id)
  if (max === 1) return person.unavailable === undefined ? [person] : [...chosen]
  const full = max !== undefined && chosen.length >= max
  return full || person.unavailable !== undefined ? [...chosen] : [...chosen, person]
}
