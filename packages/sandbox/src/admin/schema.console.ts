import { z } from 'zod'

const userid = z.string().min(1)
const chatId = z.string().min(1)
/** `c12`, an external_userid, or for members a userid. */
const person = z.string().min(1)

/**
 * `POST /sandbox/console`: what an administrator does in the platform's console, or a member in his client. Other than the
 * same things done over the interface, these call back.
 */
export const ConsoleAct = z.discriminatedUnion('do', [
  z.object({ do: z.literal('tag_group.create'), name: z.string().min(1), tags: z.array(z.string().min(1)).min(1) }),
  /** A tag or a group. */
  z.object({ do: z.literal('tag.rename'), id: z.string(), name: z.string().min(1) }),
  z.object({ do: z.literal('tag.delete'), id: z.string() }),
  /** Groups put into another order. */
  z.object({ do: z.literal('tag.shuffle'), groupIds: z.array(z.string()).min(1) }),
  /** The member writes about his customer. */
  z.object({
    do: z.literal('customer.edit'),
    userid,
    customer: person,
    remark: z.string().optional(),
    description: z.string().optional(),
    addTags: z.array(z.string()).optional(),
    removeTags: z.array(z.string()).optional(),
  }),
  /** The customer agrees to the message archive: he may be welcomed now. */
  z.object({ do: z.literal('archive.agree'), userid, customer: person }),
  z.object({ do: z.literal('link.delete'), linkId: z.string() }),
  z.object({
    do: z.literal('quota.buy'),
    balance: z.number().int().positive(),
    days: z.number().int().min(1).max(3650),
  }),
  z.object({ do: z.literal('group.create'), owner: userid, name: z.string().min(1), customers: z.array(person) }),
  z.object({ do: z.literal('group.rename'), chatId, name: z.string().min(1) }),
  z.object({ do: z.literal('group.notice'), chatId, notice: z.string() }),
  z.object({ do: z.literal('group.change_owner'), chatId, owner: userid }),
  z.object({ do: z.literal('group.invite'), chatId, person, invitor: userid }),
  z.object({ do: z.literal('group.remove_member'), chatId, person }),
  z.object({ do: z.literal('group.dismiss'), chatId }),
  /** The owner chooses the template that greets newcomers; null: none. */
  z.object({ do: z.literal('group.set_welcome'), chatId, templateId: z.string().nullable() }),
  z.object({ do: z.literal('member.move'), userid, departments: z.array(z.number().int()).min(1) }),
  /** He leaves the corp. */
  z.object({ do: z.literal('member.remove'), userid }),
  z.object({ do: z.literal('department.create'), name: z.string().min(1), parentId: z.number().int() }),
  /** Nobody opens the app: it will be suspended in so many days. */
  z.object({ do: z.literal('app.inactive_alert'), appKey: z.string(), days: z.number().int().min(1).max(90) }),
])
export type ConsoleAct = z.infer<typeof ConsoleAct>

/** `id` of what was made: tag group, group, department. */
export const ConsoleDone = z.object({ ok: z.literal(true), id: z.string().optional() })
export type ConsoleDone = z.infer<typeof ConsoleDone>
