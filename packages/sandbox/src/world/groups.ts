/** Customer groups [92122]. */
export interface GroupMember {
  /** A member's userid or a customer's number. */
  readonly who: { userid: string } | { customer: number }
  readonly joinedAt: number
  /** 1 invited directly, 2 by an invitation link, 3 by a QR code. */
  readonly scene: 1 | 2 | 3
  readonly invitor: string | undefined
  readonly state: string
  nickname: string
}

export interface Group {
  readonly chatId: string
  readonly createdAt: number
  name: string
  owner: string
  notice: string
  /** Keyed `s:<userid>` or `c:<number>`. */
  readonly members: Map<string, GroupMember>
  admins: string[]
  memberVersion: string
  dismissed: boolean
  /** Template that greets newcomers. */
  welcomeTemplate: string | undefined
  /** As it was before the latest changes, which the interface shows a little late [92130]. */
  stale?: { readonly untilMs: number; readonly as: GroupFace } | undefined
}

/** What `groupchat/get` shows. */
export interface GroupFace {
  readonly name: string
  readonly owner: string
  readonly notice: string
  readonly members: readonly GroupMember[]
  readonly memberVersion: string
}

/** What the interface shows of the group at this moment. */
export function faceOf(group: Group, nowMs: number): GroupFace {
  if (group.stale !== undefined && nowMs < group.stale.untilMs) return group.stale.as
  const { name, owner, notice, memberVersion } = group
  return { name, owner, notice, memberVersion, members: [...group.members.values()] }
}

export type GroupState = Omit<Group, 'members' | 'stale'> & { readonly members: readonly GroupMember[] }

export interface Groups {
  get(chatId: string): Group | undefined
  all(): readonly Group[]
  add(group: Group): void
  ofCustomer(customer: number): readonly Group[]
  ofStaff(userid: string): readonly Group[]
  join(group: Group, member: GroupMember, version: string): void
  leave(group: Group, key: string, version: string): void
  dump(): readonly GroupState[]
  load(state: readonly GroupState[]): void
}

export const staffKey = (userid: string) => `s:${userid}`
export const customerKey = (customer: number) => `c:${customer}`
export const memberKey = (member: GroupMember) =>
  'userid' in member.who ? staffKey(member.who.userid) : customerKey(member.who.customer)

export function createGroups(): Groups {
  const groups = new Map<string, Group>()
  const groupsOf = new Map<string, Set<Group>>()
  const of = (key: string) => [...(groupsOf.get(key) ?? [])].filter((g) => !g.dismissed)
  const note = (key: string, group: Group) => {
    const set = groupsOf.get(key)
    if (set === undefined) groupsOf.set(key, new Set([group]))
    else set.add(group)
  }
  const all: Groups = {
    get: (chatId) => groups.get(chatId),
    all: () => [...groups.values()],
    add(group) {
      groups.set(group.chatId, group)
      for (const key of group.members.keys()) note(key, group)
    },
    ofCustomer: (customer) => of(customerKey(customer)),
    ofStaff: (userid) => of(staffKey(userid)),
    join(group, member, version) {
      const key = memberKey(member)
      group.members.set(key, member)
      group.memberVersion = version
      note(key, group)
    },
    leave(group, key, version) {
      group.members.delete(key)
      group.memberVersion = version
      groupsOf.get(key)?.delete(group)
    },
    dump: () =>
      [...groups.values()].map(({ stale: _stale, ...group }) => ({ ...group, members: [...group.members.values()] })),
    load(state) {
      groups.clear()
      groupsOf.clear()
      for (const { members, ...group } of state) {
        all.add({ ...group, members: new Map(members.map((member) => [memberKey(member), member])) })
      }
    },
  }
  return all
}
