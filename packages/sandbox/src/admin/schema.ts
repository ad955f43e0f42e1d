import { z } from 'zod'
import { Chat, Contact, Message, Person, PersonId } from './schema.people.ts'

export * from './schema.console.ts'
export * from './schema.control.ts'
export * from './schema.lookups.ts'
export * from './schema.oracle.ts'
export * from './schema.people.ts'
export * from './schema.reach.ts'
export * from './schema.settings.ts'
export * from './schema.shop.ts'
export * from './schema.weixin.ts'

/**
 * The admin interface of the sandbox, `/sandbox/*`: what tests, the phone and a curious visitor may do to the world.
 * JSON in, JSON out. Errors are `AdminError` with a status of 400 (malformed), 404 (unknown) or 409 (not possible now).
 * Lists page by an opaque `cursor`; `nextCursor: null` ends them.
 */
export const AdminError = z.object({
  error: z.object({
    code: z.string(),
    /** What happened, why, what to do. English. */
    message: z.string(),
    messageZh: z.string().optional(),
  }),
})
export type AdminError = z.infer<typeof AdminError>

/** An event family that an app may ask to be called back for. */
export const CallbackFamily = z.enum([
  'external_contact',
  'external_chat',
  'external_tag',
  'acquisition',
  'contact',
  'app',
])
export type CallbackFamily = z.infer<typeof CallbackFamily>

/** `PUT /sandbox/corps/:corpId/apps/:appKey/callback`: the console's 接收消息 form; the URL is verified by GET at once. */
export const CallbackConfig = z.object({
  url: z.url({ protocol: /^https?$/ }),
  token: z.string().regex(/^[a-zA-Z0-9]{1,32}$/),
  aesKey: z.string().regex(/^[a-zA-Z0-9]{43}$/),
  /** Families ticked; all of them when left out. */
  events: z.array(CallbackFamily).optional(),
})
export type CallbackConfig = z.infer<typeof CallbackConfig>

export const App = z.object({
  appKey: z.string(),
  agentId: z.number().int(),
  name: z.string(),
  kind: z.enum(['own', 'contacts-sync']),
  /** Readable, because it is an emulator. */
  secret: z.string(),
  callback: CallbackConfig.optional(),
})
export type App = z.infer<typeof App>

export const Corp = z.object({ corpId: z.string(), name: z.string(), apps: z.array(App) })
export type Corp = z.infer<typeof Corp>

/** `GET /sandbox/corps` */
export const CorpsResponse = z.object({ corps: z.array(Corp) })
export type CorpsResponse = z.infer<typeof CorpsResponse>

/** Answer of `PUT …/callback`; a failed verification is 409 with code `40057`. */
export const CallbackConfigured = z.object({ app: App, verifiedInMs: z.number() })
export type CallbackConfigured = z.infer<typeof CallbackConfigured>

/** `GET /sandbox/people?role=&q=&cursor=&limit=`; `q` matches names, userids, external_userids, unionids and `c123`. */
export const PeopleQuery = z.object({
  role: z.enum(['customer', 'staff']).optional(),
  q: z.string().max(100).optional(),
  cursor: z.string().optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
})
export type PeopleQuery = z.infer<typeof PeopleQuery>

export const PeopleResponse = z.object({
  people: z.array(Person),
  nextCursor: z.string().nullable(),
  totals: z.object({ customers: z.number().int(), staff: z.number().int() }),
})
export type PeopleResponse = z.infer<typeof PeopleResponse>

/** `POST /sandbox/people` */
export const NewPerson = z.discriminatedUnion('role', [
  z.object({
    role: z.literal('customer'),
    name: z.string().min(1).max(200),
    gender: z.union([z.literal(0), z.literal(1), z.literal(2)]).optional(),
    /** `wecom`: a person of another corp; no unionid, no welcome code. */
    kind: z.enum(['wechat', 'wecom']).optional(),
  }),
  z.object({
    role: z.literal('staff'),
    name: z.string().min(1).max(64),
    userid: z.string().regex(/^[A-Za-z0-9][A-Za-z0-9_\-.@]{0,63}$/),
    departments: z.array(z.number().int()).min(1).optional(),
  }),
])
export type NewPerson = z.infer<typeof NewPerson>

/** `GET /sandbox/people/:id` (also the answer of `POST /sandbox/people`): `contacts` holds the first hundred. */
export const PersonDetail = Person.extend({
  contacts: z.array(Contact),
  contactsTotal: z.number().int(),
  nextCursor: z.string().nullable(),
})
export type PersonDetail = z.infer<typeof PersonDetail>

/** `GET /sandbox/people/:id/contacts?cursor=&limit=` */
export const ContactsResponse = z.object({ contacts: z.array(Contact), nextCursor: z.string().nullable() })
export type ContactsResponse = z.infer<typeof ContactsResponse>

/** `POST /sandbox/people/:id/scan`: `content` of the QR code, its picture's address, a link, or a bare config id. */
export const ScanRequest = z.object({ content: z.string().min(1).max(4096) })
export type ScanRequest = z.infer<typeof ScanRequest>

/** What WeChat shows after the scan. Nothing has happened yet: `add` or `join` with the same content does it. */
export const ScanResponse = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('contact_way'),
    configId: z.string(),
    /** The member the platform assigned to this visitor; `add` with the same content takes the same. */
    member: Person,
    skipVerify: z.boolean(),
    alreadyFriends: z.boolean(),
  }),
  z.object({
    kind: z.literal('link'),
    linkId: z.string(),
    linkName: z.string(),
    member: Person,
    skipVerify: z.boolean(),
    alreadyFriends: z.boolean(),
  }),
  z.object({
    kind: z.literal('join_way'),
    configId: z.string(),
    group: z.object({ chatId: z.string(), name: z.string(), memberCount: z.number().int() }),
    alreadyMember: z.boolean(),
  }),
  /** A code with a scene of the Official Account: `oa/scan` with the same content does it. */
  z.object({ kind: z.literal('official'), account: z.string(), name: z.string(), following: z.boolean() }),
  /** A code or link of a mini program: `miniprogram/open` with the same content opens it. */
  z.object({ kind: z.literal('miniprogram'), account: z.string(), name: z.string(), page: z.string() }),
  /** A web page: the phone opens it. */
  z.object({ kind: z.literal('url'), url: z.string() }),
])
export type ScanResponse = z.infer<typeof ScanResponse>

/** `POST /sandbox/people/:id/add`: by a code's content, or by a member's userid (searched, card; no state). */
export const AddRequest = z
  .object({
    content: z.string().min(1).max(4096).optional(),
    userid: z.string().optional(),
    /** Force or forbid the half add of 免验证 (the member must confirm); by default the setting `adds.halfShare` decides. */
    half: z.boolean().optional(),
  })
  .refine((r) => (r.content === undefined) !== (r.userid === undefined), 'give exactly one of content and userid')
export type AddRequest = z.infer<typeof AddRequest>

export const AddOutcome = z.enum([
  /** Friends now. */
  'added',
  /** The customer may write; the member has not confirmed yet. */
  'half',
  /** The code asks for verification: the member must accept. */
  'requested',
  /** They were friends before: no event. */
  'already_friends',
  /** The platform refused; see `reason`. */
  'refused',
])
export type AddOutcome = z.infer<typeof AddOutcome>

export const AddResponse = z.object({
  outcome: AddOutcome,
  userid: z.string(),
  externalUserId: z.string(),
  /** The member as a chat peer of the customer. */
  peer: PersonId,
  member: Person,
  state: z.string().optional(),
  /** One a subscribed app; empty when the platform gave none. */
  welcomeCodes: z.array(z.object({ appKey: z.string(), welcomeCode: z.string() })),
  reason: z.object({ code: z.number().int(), message: z.string(), messageZh: z.string() }).optional(),
})
export type AddResponse = z.infer<typeof AddResponse>

/** `POST …/delete`, `POST …/accept`, `POST …/read`: the other person's id (or external_userid). */
export const PeerRequest = z.object({ peer: z.string().min(1) })
export type PeerRequest = z.infer<typeof PeerRequest>

/** `POST …/messages`: to a person or to a group (`chat_id`). */
export const WriteRequest = z.object({ peer: z.string().min(1), text: z.string().min(1).max(4000) })
export type WriteRequest = z.infer<typeof WriteRequest>
/** A message is answered with what now stands in the chat; a blocked one carries `delivered: false`. */
export const WriteResponse = z.object({ message: Message, delivered: z.boolean() })
export type WriteResponse = z.infer<typeof WriteResponse>

/** `POST …/join` and its answer; `POST …/leave` answers `Done`. */
export const JoinRequest = z.object({ content: z.string().min(1).max(4096) })
export type JoinRequest = z.infer<typeof JoinRequest>
export const JoinResponse = z.object({ chatId: z.string(), name: z.string(), alreadyMember: z.boolean() })
export type JoinResponse = z.infer<typeof JoinResponse>
export const LeaveRequest = z.object({ chatId: z.string().min(1) })
export type LeaveRequest = z.infer<typeof LeaveRequest>

export const Done = z.object({ ok: z.literal(true) })
export type Done = z.infer<typeof Done>

/** `GET /sandbox/people/:id/chats`: newest first, at most 200. */
export const ChatsResponse = z.object({ chats: z.array(Chat) })
export type ChatsResponse = z.infer<typeof ChatsResponse>

/** `GET /sandbox/people/:id/chats/:peer/messages?cursor=&limit=`: oldest first within a page; the cursor leads to older ones. */
export const MessagesResponse = z.object({ messages: z.array(Message), nextCursor: z.string().nullable() })
export type MessagesResponse = z.infer<typeof MessagesResponse>
