/** A member of the corp. */
export interface StaffMember {
  readonly index: number
  readonly userid: string
  readonly name: string
  readonly gender: 0 | 1 | 2
  readonly position: string
  readonly departments: readonly number[]
  readonly leaderIn: readonly number[]
  readonly directLeader: readonly string[]
}

export interface Staff {
  readonly count: number
  at(index: number): StaffMember | undefined
  /** Without regard to case, as the platform compares userids [90196]. */
  find(userid: string): StaffMember | undefined
  all(): readonly StaffMember[]
  /** Direct members of one department. */
  inDepartment(id: number): readonly StaffMember[]
  add(member: Omit<StaffMember, 'index'>): StaffMember
}

export function createStaff(): Staff {
  const members: StaffMember[] = []
  const byUserid = new Map<string, StaffMember>()
  const byDepartment = new Map<number, StaffMember[]>()
  return {
    get count() {
      return members.length
    },
    at: (index) => members[index],
    find: (userid) => byUserid.get(userid.toLowerCase()),
    all: () => members,
    inDepartment: (id) => byDepartment.get(id) ?? [],
    add(given) {
      const key = given.userid.toLowerCase()
      if (byUserid.has(key)) throw new Error(`userid ${given.userid} exists already`)
      const member = { ...given, index: members.length }
      members.push(member)
      byUserid.set(key, member)
      for (const id of member.departments) {
        const list = byDepartment.get(id)
        if (list === undefined) byDepartment.set(id, [member])
        else list.push(member)
      }
      return member
    },
  }
}
