import type { Call, GroupHandlers } from '../http/call.ts'
import type { Department } from '../world/departments.ts'
import { ROOT } from '../world/departments.ts'
import type { StaffMember } from '../world/staff.ts'
import { pageOf, readCursor } from './cursor.ts'
import { Fail, fail, visibleMember } from './scope.ts'

/** Above so many members one user/list answer is too large (45029); no number is published. */
const LARGE_DEPARTMENT = 10_000

export const contacts: GroupHandlers<'contacts'> = {
  listDepartments(call, { id }) {
    const departments = visibleDepartments(call, id)
    return departments instanceof Fail ? departments : { department: departments.map((one) => shown(call, one)) }
  },
  listDepartmentIds(call, { id }) {
    const departments = visibleDepartments(call, id)
    if (departments instanceof Fail) return departments
    return { department_id: departments.map((d) => ({ id: d.id, parentid: d.parentId, order: d.order })) }
  },
  getDepartment(call, { id }) {
    const department = visibleDepartment(call, id)
    return department instanceof Fail ? department : { department: shown(call, department) }
  },
  getUser(call, { userid }) {
    const member = visibleMember(call, userid)
    return member instanceof Fail ? member : details(call, member)
  },
  listUsersSimple(call, request) {
    const members = membersOfDepartment(call, request.department_id)
    if (members instanceof Fail) return members
    return { userlist: members.map((m) => ({ userid: m.userid, name: m.name, department: [...m.departments] })) }
  },
  listUsers(call, request) {
    const members = membersOfDepartment(call, request.department_id)
    if (members instanceof Fail) return members
    if (members.length > LARGE_DEPARTMENT) return fail(45029, 'response too large: ask for smaller departments')
    return { userlist: members.map((member) => details(call, member)) }
  },
  listUserIds({ platform }, { cursor, limit }) {
    const from = readCursor(cursor)
    if (from === undefined) return fail(60268, 'invalid cursor')
    const rows = platform.world.staff
      .all()
      .flatMap((member) => member.departments.map((department) => ({ userid: member.userid, department })))
    const { page, next } = pageOf(rows, from, limit ?? platform.settings.limits.value('contacts.list_id_page_max'))
    return { dept_user: page, next_cursor: next }
  },
}

function shown({ platform }: Call, { id, name, parentId, order }: Department) {
  const leaders = platform.world.staff.inDepartment(id).filter((member) => member.leaderIn.includes(id))
  return { id, name, department_leader: leaders.map((leader) => leader.userid), parentid: parentId, order }
}

function details({ platform }: Call, member: StaffMember) {
  // Neither avatar, gender, mobile nor mail since 2022-06-20 [90196].
  const { active } = platform.settings.member(member.userid)
  return {
    userid: member.userid,
    name: member.name,
    department: [...member.departments],
    order: member.departments.map(() => 0),
    position: member.position,
    is_leader_in_dept: member.departments.map((id) => (member.leaderIn.includes(id) ? 1 : 0)),
    direct_leader: [...member.directLeader],
    alias: '',
    status: active ? 1 : 4,
    main_department: member.departments[0] ?? ROOT,
  }
}

function visibleDepartment({ platform, app }: Call, id: number): Department | Fail {
  const department = platform.world.departments.get(id)
  if (department === undefined) return fail(60003, 'department not found')
  if (app.kind !== 'contacts-sync' && !platform.visibility.department(app.appKey, id))
    return fail(60011, 'no privilege to access department')
  return department
}

function visibleDepartments(call: Call, id: number | undefined): Department[] | Fail {
  const { departments } = call.platform.world
  if (id !== undefined) {
    const root = visibleDepartment(call, id)
    if (root instanceof Fail) return root
  }
  const wanted = id === undefined ? departments.all() : departments.subtree(id).map((one) => departments.get(one))
  return wanted.filter((d) => d !== undefined).filter((d) => !(visibleDepartment(call, d.id) instanceof Fail))
}

function membersOfDepartment(call: Call, id: number): StaffMember[] | Fail {
  const department = visibleDepartment(call, id)
  if (department instanceof Fail) return department
  const { staff } = call.platform.world
  return staff.inDepartment(id).filter((m) => call.platform.visibility.staff(call.app.appKey, m.index))
}
