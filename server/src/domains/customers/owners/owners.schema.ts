import { z } from '@hono/zod-openapi'

const userid = z.string().min(1).max(64)

export const senderView = z
  .object({
    userid: z.string(),
    name: z.string(),
    because: z.enum(['owner', 'chat', 'latest', 'contact']).openapi({
      description:
        'owner: is the exclusive owner; chat: last chatted, as far as anybody told; latest: added last; contact: is one',
    }),
    since: z.iso.datetime().nullable().openapi({ description: 'Owned, chatted or added' }),
    away_until: z.iso.datetime().nullable().openapi({ description: 'On leave until then' }),
    gone: z.boolean().openapi({ description: 'Left, is disabled, or has no customer contact' }),
  })
  .openapi('CustomerSender')

export const sendersView = z
  .object({
    owner: z
      .object({ userid: z.string(), name: z.string(), since: z.iso.datetime(), elsewhere: z.boolean() })
      .nullable()
      .openapi({
        description: 'elsewhere: out of the reader’s data scope, and not among the items',
      }),
    chats_told: z.boolean().openapi({
      description: 'Whether any system may tell who last chatted: without, the order has no such step',
    }),
    items: z.array(senderView).openapi({ description: 'In the order in which they are asked to send' }),
  })
  .openapi('CustomerSenders')

export const ownerInput = z.object({
  userid: userid.nullable().openapi({ description: 'Has the customer as a contact; null: nobody owns him' }),
})

export const ownerListMost = 10_000

export const ownersInput = z
  .object({
    preview: z.boolean().openapi({ description: 'Only counts; nothing is changed' }),
    who: z.union([
      z
        .strictObject({ audience: z.uuid(), userid: userid.nullable() })
        .openapi({ description: 'All of an audience to one member; null: to nobody' }),
      z
        .strictObject({
          list: z
            .array(z.strictObject({ external_userid: z.string().min(1).max(64), userid: userid.nullable() }))
            .min(1)
            .max(ownerListMost),
        })
        .openapi({ description: 'Each to his own' }),
    ]),
  })
  .openapi('OwnersInput')
export type OwnersInput = z.output<typeof ownersInput>

/** What the operation answers. */
export interface OwnersResult {
  readonly preview: boolean
  readonly persons: number
  readonly set: number
  readonly removed: number
  readonly same: number
  readonly no_relation: number
  readonly unknown: number
  /** Of `set`: who had another owner. */
  readonly taken_over: number
  /** The first of whom nobody could be made the owner, by external_userid where the list named it. */
  readonly refused: readonly { readonly customer: string; readonly userid: string | null; readonly why: string }[]
}
