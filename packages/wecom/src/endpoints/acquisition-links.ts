import { z } from 'zod'
import { endpoint } from '../endpoint.ts'
import { atMost, Cursor, chars, listOf, NextCursor, NoRequest, Nothing, oneOf, Seconds, upTo } from '../fields.ts'
import { DepartmentId, LinkId, UserId } from '../ids.ts'

const AcquisitionLink = z.object({
  link_id: LinkId.optional(),
  link_name: z.string(),
  url: z.string(),
  create_time: Seconds,
  skip_verify: z.boolean().default(true),
  mark_source: z.boolean().optional(),
})

const Range = z
  .object({
    user_list: upTo('link.max_users', UserId, { code: 40058 }).optional(),
    /** Their members count towards `link.max_users`. */
    department_list: z.array(DepartmentId).optional(),
  })
  .refine((range) => Boolean(range.user_list?.length) || Boolean(range.department_list?.length), '40058 range is empty')

/** Who gets a customer that the corp knows already: 1 any friend in the corp, 2 the friends listed; some industries. */
const PriorityOption = z
  .object({
    priority_type: oneOf([1, 2], { missing: 40058, wrong: 40058 }),
    priority_userid_list: upTo('link.priority_users_max', UserId, { code: 40058 }).optional(),
  })
  .refine(
    (option) => option.priority_type === 1 || Boolean(option.priority_userid_list?.length),
    '40058 priority_type 2 needs priority_userid_list',
  )

const Name = chars('link.name_chars', { min: 1, code: 40058 })
const settings = {
  skip_verify: z.boolean().optional(),
  priority_option: PriorityOption.optional(),
  mark_source: z.boolean().optional(),
}
const errors = [40003, 40058, 41054, 41098, 41200, 48002, 60003, 60011, 60111]

/** Acquisition links (获客链接); an app sees only those that it made. */
export const acquisitionLinks = {
  list: endpoint({
    method: 'POST',
    path: '/cgi-bin/externalcontact/customer_acquisition/list_link',
    doc: 97297,
    request: z.object({ limit: atMost('link.page_max', { min: 1, code: 40058 }).optional(), cursor: Cursor }),
    response: z.object({ link_id_list: listOf(LinkId), next_cursor: NextCursor }),
    repeat: 'safe',
    errors: [40058, 48002, 50100],
    credential: ['app'],
    owner: 'app',
    listing: true,
  }),
  get: endpoint({
    method: 'POST',
    path: '/cgi-bin/externalcontact/customer_acquisition/get',
    doc: 97297,
    request: z.object({ link_id: LinkId }),
    response: z.object({
      link: AcquisitionLink,
      range: z.object({ user_list: listOf(UserId), department_list: listOf(DepartmentId) }),
      priority_option: z.object({ priority_type: z.int(), priority_userid_list: listOf(UserId) }).optional(),
    }),
    repeat: 'safe',
    errors: [40058, 41098, 48002],
    credential: ['app'],
    owner: 'app',
  }),
  /** Members who cannot be added are skipped, and none of them is an error while one can. */
  create: endpoint({
    method: 'POST',
    path: '/cgi-bin/externalcontact/customer_acquisition/create_link',
    doc: 97297,
    request: z.object({ link_name: Name, range: Range, ...settings }),
    response: z.object({ link: AcquisitionLink.extend({ link_id: LinkId }) }),
    repeat: 'never',
    errors: [...errors, 41095, 41099],
    credential: ['app'],
  }),
  /** The range overwrites what was there. */
  update: endpoint({
    method: 'POST',
    path: '/cgi-bin/externalcontact/customer_acquisition/update_link',
    doc: 97297,
    request: z.object({ link_id: LinkId, link_name: Name.optional(), range: Range.optional(), ...settings }),
    response: Nothing,
    repeat: 'idempotent',
    errors,
    credential: ['app'],
    owner: 'app',
    serial: true,
  }),
  remove: endpoint({
    method: 'POST',
    path: '/cgi-bin/externalcontact/customer_acquisition/delete_link',
    doc: 97297,
    request: z.object({ link_id: LinkId }),
    response: Nothing,
    repeat: 'idempotent',
    errors: [40058, 41098, 48002],
    credential: ['app'],
    owner: 'app',
  }),
  /** What was bought and is left; `total` is what was used so far. Times in seconds. */
  quota: endpoint({
    method: 'GET',
    path: '/cgi-bin/externalcontact/customer_acquisition_quota',
    doc: 97375,
    request: NoRequest,
    response: z.object({
      total: z.int(),
      balance: z.int(),
      quota_list: listOf(z.object({ expire_date: Seconds, balance: z.int() })),
    }),
    repeat: 'safe',
    errors: [48002],
    credential: ['app'],
  }),
}
