import { z } from 'zod'
import { endpoint } from '../endpoint.ts'
import { atMost, Cursor, listOf, NextCursor, QueryInt } from '../fields.ts'
import { DepartmentId, UserId } from '../ids.ts'

export const Department = z.object({
  id: DepartmentId,
  /** Left out for apps that may not read names. */
  name: z.string().optional(),
  name_en: z.string().optional(),
  department_leader: listOf(UserId),
  parentid: z.int(),
  /** uint32; larger comes first. */
  order: z.int().default(0),
})
export type Department = z.output<typeof Department>

const ExternalAttribute = z.object({
  type: z.int(),
  name: z.string(),
  text: z.object({ value: z.string() }).optional(),
  web: z.object({ url: z.string(), title: z.string() }).optional(),
  miniprogram: z.object({ appid: z.string(), pagepath: z.string(), title: z.string() }).optional(),
})

/** What customers see of a member or a corp (D92230). */
export const ExternalProfile = z.object({
  external_corp_name: z.string().optional(),
  wechat_channels: z.object({ nickname: z.string(), status: z.int() }).optional(),
  external_attr: listOf(ExternalAttribute),
})

/**
 * A member. Apps made since 2022-06-20 do not get mobile, gender, email, avatar, qr_code and address (D90196).
 * `status`: 1 active, 2 disabled, 4 not activated, 5 left.
 */
export const Member = z.object({
  userid: UserId,
  name: z.string().optional(),
  department: listOf(DepartmentId),
  order: listOf(z.int()),
  position: z.string().optional(),
  mobile: z.string().optional(),
  gender: z.coerce.string().optional(),
  email: z.string().optional(),
  biz_mail: z.string().optional(),
  is_leader_in_dept: listOf(z.int()),
  direct_leader: listOf(UserId),
  avatar: z.string().optional(),
  thumb_avatar: z.string().optional(),
  telephone: z.string().optional(),
  alias: z.string().optional(),
  english_name: z.string().optional(),
  extattr: z.object({ attrs: listOf(ExternalAttribute) }).optional(),
  status: z.int().optional(),
  qr_code: z.string().optional(),
  external_profile: ExternalProfile.optional(),
  external_position: z.string().optional(),
  address: z.string().optional(),
  open_userid: z.string().optional(),
  main_department: DepartmentId.optional(),
})
export type Member = z.output<typeof Member>

const errors = [60011, 60003, 60123, 60021, 60111, 40003, 48002, 48009]

export const contacts = {
  /** Departments of the visible range, or below `id`. Slow: prefer listDepartmentIds with getDepartment. */
  listDepartments: endpoint({
    method: 'GET',
    path: '/cgi-bin/department/list',
    doc: 90208,
    request: z.object({ id: QueryInt.optional() }),
    response: z.object({ department: listOf(Department) }),
    repeat: 'safe',
    errors,
    credential: ['app', 'contacts-sync'],
    listing: true,
  }),
  listDepartmentIds: endpoint({
    method: 'GET',
    path: '/cgi-bin/department/simplelist',
    doc: 95350,
    request: z.object({ id: QueryInt.optional() }),
    response: z.object({ department_id: listOf(Department.pick({ id: true, parentid: true, order: true })) }),
    repeat: 'safe',
    errors,
    credential: ['app', 'contacts-sync'],
    listing: true,
  }),
  getDepartment: endpoint({
    method: 'GET',
    path: '/cgi-bin/department/get',
    doc: 95351,
    request: z.object({ id: QueryInt }),
    response: z.object({ department: Department }),
    repeat: 'safe',
    errors,
    credential: ['app', 'contacts-sync'],
  }),
  getUser: endpoint({
    method: 'GET',
    path: '/cgi-bin/user/get',
    doc: 90196,
    request: z.object({ userid: UserId }),
    response: Member,
    repeat: 'safe',
    errors,
    credential: ['app', 'contacts-sync'],
  }),
  /** Members of one department, not of those below it. */
  listUsersSimple: endpoint({
    method: 'GET',
    path: '/cgi-bin/user/simplelist',
    doc: 90200,
    request: z.object({ department_id: QueryInt }),
    response: z.object({
      userlist: listOf(Member.pick({ userid: true, name: true, department: true, open_userid: true })),
    }),
    repeat: 'safe',
    errors,
    credential: ['app', 'contacts-sync'],
    listing: true,
  }),
  /** Members of one department with their details; too large a department answers 45029. */
  listUsers: endpoint({
    method: 'GET',
    path: '/cgi-bin/user/list',
    doc: 90201,
    request: z.object({ department_id: QueryInt }),
    response: z.object({ userlist: listOf(Member) }),
    repeat: 'safe',
    errors: [...errors, 45029],
    credential: ['app', 'contacts-sync'],
    listing: true,
  }),
  /** One row per membership: a member of three departments stands three times. */
  listUserIds: endpoint({
    method: 'POST',
    path: '/cgi-bin/user/list_id',
    doc: 96067,
    request: z.object({
      cursor: Cursor,
      limit: atMost('contacts.list_id_page_max', { min: 1, code: 40058 }).optional(),
    }),
    response: z.object({
      next_cursor: NextCursor,
      dept_user: listOf(z.object({ userid: UserId, department: DepartmentId })),
    }),
    repeat: 'safe',
    errors: [48002, 50100, 60268],
    credential: ['contacts-sync'],
    listing: true,
  }),
}
