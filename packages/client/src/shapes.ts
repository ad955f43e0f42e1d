import { z } from 'zod'

/**
 * The shapes of the /v1 interface, written once: the server checks every row by them and publishes them in its OpenAPI
 * document, the client takes its types from them. Money is in fen (1/100 yuan), times are ISO 8601 with an offset.
 */

/** Rows that one request may carry. */
export const batchLimit = 1_000

/** No zero character and no half of a surrogate pair: neither can be kept as text. */
const clean = /^[^\0\p{Cs}]*$/u
const text = (max: number) => z.string().max(max).regex(clean, 'holds a character that is no text')
const filled = (max: number) => z.string().min(1).max(max).regex(clean, 'holds a character that is no text')

const moment = z.iso.datetime({ offset: true }).describe('2026-06-02T10:00:00+08:00')
const fen = z.int().min(0).max(1_000_000_000_000)
const code = filled(64)

const source = z
  .string()
  .regex(/^[a-z][a-z0-9_-]{0,31}$/)
  .describe('Which of your systems tells it, e.g. `shop` or `pos`: small letters, digits, _ and -')
const number = filled(64).describe('Its number in that system; source and number together name it for good')
const version = moment.describe('When your system last changed it: of several versions the latest counts, in any order')

/** Values beside a fact: flat, so that conditions can ask for them. */
const attributes = z
  .record(filled(64), z.union([text(500), z.number(), z.boolean(), z.null()]))
  .refine((given) => Object.keys(given).length <= 50, 'more than 50 entries')

const phone = z.string().regex(/^\+?\d[\d -]{4,20}$/)

/** Whom a fact is about. Everything that the system knows of him: identities that stand together join to one person. */
export const customerRef = z
  .strictObject({
    external_userid: code.nullish().describe('Of the customer in WeCom'),
    unionid: code.nullish().describe('Of the customer at the WeChat open platform'),
    openid: z.strictObject({ appid: code, openid: code }).nullish().describe('Of an Official Account or mini program'),
    member_no: code.nullish().describe('Your own number of the member'),
    phone: phone.nullish().describe('A number that he proved: by a code, or through WeChat. Kept as a fingerprint'),
    phone_typed: phone.nullish().describe('A number that somebody typed: it only proposes who he may be'),
    email: text(200).nullish().describe('Proposes only, unless the brand declared it strong'),
    others: z
      .array(z.strictObject({ kind: code, value: filled(200) }))
      .max(8)
      .nullish()
      .describe('Of kinds that the brand declared'),
  })
  .describe('Whom it is about: at least one identity, at most eight')

const store = code.nullish().describe('Code of the store, as the console lists it')

const orderLine = z.strictObject({
  product: code.describe('Number of the product in the same system'),
  name: text(200).nullish(),
  category: text(64).nullish().describe('Left out: that of the product, when it was told'),
  quantity: z.int().min(1).max(1_000_000),
  price: fen.describe('Fen for one'),
  amount: fen.nullish().describe('Fen for the line after discounts; left out: price × quantity'),
  refunded: fen.nullish().describe('Fen of it that were given back'),
})

/** An order as it is now, whole. Send it again whenever it changes. */
export const orderInput = z.strictObject({
  source,
  number,
  updated_at: version,
  customer: customerRef,
  ordered_at: moment,
  paid_at: moment.nullish(),
  cancelled_at: moment.nullish(),
  amount: fen.describe('Fen that the customer pays for all of it'),
  lines: z.array(orderLine).min(1).max(200),
  refunds: z
    .array(z.strictObject({ number: code, amount: fen.min(1), at: moment }))
    .max(100)
    .nullish()
    .describe('All refunds so far'),
  store,
  channel: text(64).nullish().describe('Where it was sold: mini_program, store, live …'),
  staff: code.nullish().describe('userid of the member of staff whose product card led to it'),
})

export const productInput = z.strictObject({
  source,
  number,
  updated_at: version,
  name: filled(200),
  category: text(64).nullish(),
  price: fen.nullish(),
  image: z
    .url({ protocol: /^https?$/ })
    .max(500)
    .nullish(),
  stock: z.int().min(0).max(2_000_000_000).nullish().describe('Over all stores'),
  stocks: z
    .array(z.strictObject({ store: code, stock: z.int().min(0).max(2_000_000_000) }))
    .max(5_000)
    .nullish()
    .describe('By store; those left out have none'),
  on_sale: z.boolean().nullish(),
  attributes: attributes.nullish(),
})

export const memberInput = z.strictObject({
  source,
  number: number.describe('The member number: orders name it as `member_no`'),
  updated_at: version,
  customer: customerRef.nullish().describe('What else is known of who he is'),
  name: text(64).nullish().describe('Kept encrypted'),
  level: text(32).nullish(),
  points: z.int().min(0).max(1_000_000_000_000).nullish(),
  joined_at: moment.nullish(),
  ended_at: moment.nullish(),
  store,
  attributes: attributes.nullish(),
})

export const eventInput = z.strictObject({
  source,
  number: number.describe('Its number in that system; sent again with the same time it counts once'),
  name: z
    .string()
    .regex(/^[a-z][a-z0-9_.]{0,63}$/)
    .describe('What he did, e.g. `view_product`'),
  at: moment,
  customer: customerRef,
  properties: attributes.nullish(),
})

const answers = ['accepted', 'unchanged', 'rejected'] as const

export const rowAnswer = z.object({
  source: z.string().nullable(),
  number: z.string().nullable(),
  status: z
    .enum(answers)
    .describe('accepted: written; unchanged: known already, or a later version is; rejected: see reason and hint'),
  field: z.string().optional().describe('What of the row is wrong'),
  reason: z.string().optional(),
  hint: z.string().optional().describe('What to do'),
})

/** One answer a row, in the order of the rows. A rejected row holds up no other. */
export const batchAnswer = z.object({
  accepted: z.int(),
  unchanged: z.int(),
  rejected: z.int(),
  results: z.array(rowAnswer),
})

export const orderStatuses = ['pending', 'paid', 'part_refunded', 'refunded', 'cancelled'] as const

export const orderView = z.object({
  source: z.string(),
  number: z.string(),
  status: z.enum(orderStatuses),
  customer_id: z.int().describe('Our number of the person'),
  amount: z.int(),
  refunded: z.int(),
  ordered_at: z.string(),
  paid_at: z.string().nullable(),
  cancelled_at: z.string().nullable(),
  store: z.string().nullable(),
  channel: z.string().nullable(),
  staff: z.string().nullable(),
  lines: z.array(
    z.object({
      product: z.string(),
      name: z.string(),
      category: z.string(),
      quantity: z.int(),
      price: z.int(),
      amount: z.int(),
      refunded: z.int(),
    }),
  ),
  refunds: z.array(z.object({ number: z.string(), amount: z.int(), at: z.string() })),
  updated_at: z.string(),
})

export const productView = z.object({
  source: z.string(),
  number: z.string(),
  name: z.string(),
  category: z.string(),
  price: z.int().nullable(),
  image: z.string().nullable(),
  stock: z.int().nullable(),
  on_sale: z.boolean(),
  attributes: z.record(z.string(), z.unknown()),
  updated_at: z.string(),
})

export const memberView = z.object({
  source: z.string(),
  number: z.string(),
  customer_id: z.int(),
  level: z.string(),
  points: z.int(),
  joined_at: z.string().nullable(),
  ended_at: z.string().nullable(),
  store: z.string().nullable(),
  attributes: z.record(z.string(), z.unknown()),
  updated_at: z.string(),
})

/** Who last chatted with a customer, as an archive knows it: of several words the latest counts, in any order. */
export const chatInput = z.strictObject({
  external_userid: code.describe('Of the customer in WeCom'),
  userid: code.describe('Of the member'),
  at: moment.describe('Of the last message between the two'),
})

/** The exclusive owner of a customer: whoever is to send to him before anybody else. */
export const ownerInput = z.strictObject({
  external_userid: code.describe('Of the customer in WeCom'),
  userid: code.nullable().describe('Of a member who has him as a contact; null: nobody owns him'),
})

/** Leave of a member: he is asked for nothing from `from` on, until `until`. */
export const leaveInput = z.strictObject({
  userid: code.describe('Of the member'),
  from: moment,
  until: moment,
  note: text(100).nullish(),
  cancelled: z.boolean().nullish().describe('true: the leave that begins then is not to be'),
})

export type ChatInput = z.input<typeof chatInput>
export type OwnerInput = z.input<typeof ownerInput>
export type LeaveInput = z.input<typeof leaveInput>
export type CustomerRef = z.input<typeof customerRef>
export type OrderInput = z.input<typeof orderInput>
export type ProductInput = z.input<typeof productInput>
export type MemberInput = z.input<typeof memberInput>
export type EventInput = z.input<typeof eventInput>
export type RowAnswer = z.output<typeof rowAnswer>
export type BatchAnswer = z.output<typeof batchAnswer>
export type OrderView = z.output<typeof orderView>
export type ProductView = z.output<typeof productView>
export type MemberView = z.output<typeof memberView>
