/** A member of the corp. */
export interface StaffMember {
  readonly index: number
  readonly userid: string
  readonly name: string
  readonly gender: 0 | 1 | 2
  readonly position: string
  departments: readonly number[]
  readonly leaderIn: readonly number[]
  readonly directLeader: readonly string[]
}

/** All who ever were, in order, with whether they left. */
export type StaffState = readonly (StaffMember & { readonly left: boolean })[]

export interface Staff {
  /** All who ever were, those who left included. */
  readonly count: number
  /** Grows with every change: visible ranges depend on it. */
  readonly version: number
  at(index: number): StaffMember | undefined
  /** Without regard to case, as the platform compares userids [90196]. */
  find(userid: string): StaffMember | undefined
  all(): readonly StaffMember[]
  /** Direct members of one department. */
  inDepartment(id: number): readonly StaffMember[]
  add(member: Omit<StaffMember, 'index'>): StaffMember
  move(member: StaffMember, departments: readonly number[]): void
  /** He leaves: nobody finds him any more, but his number stays his. */
  remove(member: StaffMember): void
  dump(): StaffState
  load(state: StaffState): void
}

export function createStaff(): Staff {
  const members: StaffMember[] = []
  const byUserid = new Map<string, StaffMember>()
  const byDepartment = new Map<number, StaffMember[]>()
  let version = 0
  const enter = (member: StaffMember) => {
    for (const id of member.departments) {
      const list = byDepartment.get(id)
      if (list === undefined) byDepartment.set(id, [member])
      else list.push(member)
    }
  }
  const leave = (member: StaffMember) => {
    for (const id of member.departments) {
      byDepartment.set(
        id,
        (byDepartment.get(id) ?? []).filter((one) => one !== member),
      )
    }
  }
  const present = (member: StaffMember) => byUserid.get(member.userid.toLowerCase()) === member
  const staff: Staff = {
    get version() {
      return version
    },
    get count() {
      return members.length
    },
    at: (index) => members[index],
    find: (userid) => byUserid.get(userid.toLowerCase()),
    all: () => members.filter(present),
    inDepartment: (id) => byDepartment.get(id) ?? [],
    add(given) {
      const key = given.userid.toLowerCase()
      if (byUserid.has(key)) throw new Error(`userid ${given.userid} exists already`)
      const member = { ...given, index: members.length }
      members.push(member)
      byUserid.set(key, member)
      enter(member)
      version++
      return member
    },
    move(member, departments) {
      leave(member)
      member.departments = departments
      enter(member)
      version++
    },
    remove(member) {
      leave(member)
      byUserid.delete(member.userid.toLowerCase())
      version++
    },
    dump: () => members.map((member) => ({ ...member, left: !present(member) })),
    load(state) {
      for (const { left, index: _index, ...kept } of state) {
        const seeded = members[_index]
        const member = seeded ?? staff.add(kept)
        if (seeded !== undefined) staff.move(seeded, kept.departments)
        if (left) staff.remove(member)
      }
    },
  }
  return staff
}
