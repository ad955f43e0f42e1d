import { z } from '@hono/zod-openapi'
import {
  batchAnswer,
  batchLimit,
  chatInput,
  eventInput,
  leaveInput,
  memberInput,
  memberView,
  orderInput,
  orderView,
  ownerInput,
  productInput,
  productView,
} from '@nuanyu/client/shapes'
import { pageQuery } from '../../infra/http/api.ts'

/** The shapes of rows, as JSON Schema for the OpenAPI document: rows are checked one by one, not with their request. */
export const rowSchemas = {
  OrderInput: orderInput,
  ProductInput: productInput,
  MemberInput: memberInput,
  EventInput: eventInput,
  ChatInput: chatInput,
  OwnerInput: ownerInput,
  LeaveInput: leaveInput,
} as const

const viewSchemas = {
  BatchAnswer: batchAnswer,
  V1Order: orderView,
  V1Product: productView,
  V1Member: memberView,
} as const

/** Every shape of the interface by its name in the document. */
export function documentedShapes(): Readonly<Record<string, object>> {
  const inputs = Object.entries(rowSchemas).map(([name, schema]): [string, object] => [name, jsonOf(schema, 'input')])
  const views = Object.entries(viewSchemas).map(([name, schema]): [string, object] => [name, jsonOf(schema, 'output')])
  return Object.fromEntries([...inputs, ...views])
}

function jsonOf(schema: z.ZodType, io: 'input' | 'output'): object {
  const { $schema: _, ...json } = z.toJSONSchema(schema, { io, unrepresentable: 'any' })
  return json
}

/** What stands in the document where this shape is meant. */
const named = (name: string) => ({ $ref: `#/components/schemas/${name}` })

/** A request of rows under their name; whatever they are, each is answered by itself. */
export function batchOf(kind: string, row: keyof typeof rowSchemas) {
  return z.object({
    [kind]: z
      .array(z.unknown().openapi(named(row)))
      .min(1)
      .max(batchLimit),
  })
}

export const answered = z.unknown().openapi(named('BatchAnswer'))

export function pageOfViews(view: keyof typeof viewSchemas) {
  return z.object({ items: z.array(z.unknown().openapi(named(view))), next_cursor: z.string().nullable() })
}

export const listQuery = pageQuery.extend({
  source: z.string().max(32).optional(),
  number: z.string().max(64).optional(),
})
