import { z } from 'zod'

/**
 * A person's id in the admin interface: `c123` for a customer (the 123rd of the world), the userid for a member of staff,
 * `app:<appKey>` for an app as the sender of app messages. Where an id is asked for, an external_userid does as well.
 */
export const PersonId = z.string()
export type PersonId = z.infer<typeof PersonId>

export const Person = z.object({
  id: PersonId,
  role: z.enum(['customer', 'staff']),
  name: z.string(),
  /** Address of the picture of the face, relative to the sandbox. */
  face: z.string(),
  gender: z.union([z.literal(0), z.literal(1), z.literal(2)]),
  /** `wechat` for consumers; `wecom` for members and for customers who are other corps' people. */
  kind: z.enum(['wechat', 'wecom']),
  /** Shown as «@公司名» beside the name of a WeCom contact. */
  corpName: z.string().optional(),
  userid: z.string().optional(),
  position: z.string().optional(),
  departments: z.array(z.object({ id: z.number().int(), name: z.string() })).optional(),
  externalUserId: z.string().optional(),
  unionId: z.string().optional(),
})
export type Person = z.infer<typeof Person>

/** How two people stand to each other. A relation ended by one side only still exists for the other. */
export const RelationStatus = z.enum([
  'friends',
  'half',
  'requested',
  'deleted_by_member',
  'deleted_by_customer',
  'deleted_by_both',
])
export type RelationStatus = z.infer<typeof RelationStatus>

export const Contact = z.object({
  person: Person,
  status: RelationStatus,
  remark: z.string().optional(),
  description: z.string().optional(),
  /** Names of the corp tags the member put on the customer. */
  tags: z.array(z.string()),
  state: z.string().optional(),
  /** The platform's number for how they met [92114]. */
  addWay: z.number().int(),
  sinceMs: z.number(),
})
export type Contact = z.infer<typeof Contact>

export const MessageBody = z.discriminatedUnion('type', [
  z.object({ type: z.literal('text'), content: z.string() }),
  /** `url` is readable from the sandbox. */
  z.object({ type: z.literal('image'), url: z.string() }),
  z.object({
    type: z.literal('link'),
    title: z.string(),
    desc: z.string().optional(),
    picUrl: z.string().optional(),
    url: z.string(),
  }),
  z.object({
    type: z.literal('miniprogram'),
    title: z.string(),
    picUrl: z.string().optional(),
    appId: z.string(),
    page: z.string(),
  }),
  z.object({ type: z.literal('video'), url: z.string() }),
  z.object({ type: z.literal('file'), name: z.string(), size: z.number().int(), url: z.string() }),
  /** A card of an app message: title, description, address. */
  z.object({
    type: z.literal('card'),
    title: z.string(),
    description: z.string(),
    url: z.string().optional(),
    /** Of a template card: what it is answered by. */
    cardId: z.string().optional(),
    buttons: z.array(z.object({ key: z.string(), text: z.string() })).optional(),
    /** Buttons that only lead somewhere. */
    links: z.array(z.object({ url: z.string(), text: z.string() })).optional(),
    /** What stands in place of the buttons since the app has changed it. */
    replaced: z.string().optional(),
  }),
  /** Grey line in the middle: «你已添加了…», «消息已发出,但被对方拒收了。» */
  z.object({ type: z.literal('notice'), text: z.string() }),
])
export type MessageBody = z.infer<typeof MessageBody>

export const Message = z.object({
  id: z.string(),
  atMs: z.number(),
  /** Person, `app:<appKey>`, or null for a notice. */
  from: PersonId.nullable(),
  fromName: z.string(),
  fromFace: z.string().optional(),
  /** The chat it stands in, as seen by the reader: a person's id, `app:<appKey>` or a chat_id. */
  peer: z.string(),
  source: z.enum(['person', 'welcome', 'group_welcome', 'console_welcome', 'broadcast', 'app', 'notice']),
  /** The app that made the platform send it. */
  appKey: z.string().optional(),
  body: MessageBody,
  recalled: z.boolean().optional(),
})
export type Message = z.infer<typeof Message>

export const Chat = z.object({
  /** A person's id, `app:<appKey>`, or a chat_id. */
  peer: z.string(),
  kind: z.enum(['single', 'group', 'app']),
  name: z.string(),
  face: z.string(),
  corpName: z.string().optional(),
  status: RelationStatus.optional(),
  memberCount: z.number().int().optional(),
  last: Message.optional(),
  lastAtMs: z.number(),
  unread: z.number().int(),
})
export type Chat = z.infer<typeof Chat>
