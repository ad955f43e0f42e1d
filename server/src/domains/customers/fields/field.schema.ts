import { z } from '@hono/zod-openapi'

export const fieldKinds = ['text', 'number', 'date', 'choice', 'choices'] as const
export type FieldKind = (typeof fieldKinds)[number]

const choice = z.object({ value: z.string().trim().min(1).max(40), archived: z.boolean().default(false) })
const bounds = z.strictObject({
  most: z.int().min(1).max(500).optional().openapi({ description: 'Of a text: characters' }),
  decimals: z.int().min(0).max(2).optional(),
  least: z.number().min(-2_000_000_000).max(2_000_000_000).optional(),
  greatest: z.number().min(-2_000_000_000).max(2_000_000_000).optional(),
})
export type FieldBounds = z.output<typeof bounds>

const name = z.string().trim().min(1).max(30)
export const fieldInput = z.object({
  name,
  kind: z.enum(fieldKinds),
  personal: z
    .boolean()
    .default(false)
    .openapi({ description: 'Masked by role and sealed with the person’s key; cannot be changed later' }),
  choices: z.array(choice).max(200).default([]),
  bounds: bounds.default({}),
})
export const fieldChange = z.object({ name, choices: z.array(choice).max(200), bounds })
export const fieldOrder = z.object({ ids: z.array(z.uuid()).min(1).max(500) })

export const customField = z
  .object({
    id: z.uuid(),
    name: z.string(),
    kind: z.enum(fieldKinds),
    personal: z.boolean(),
    choices: z.array(choice),
    bounds,
    archived_at: z.string().nullable(),
  })
  .openapi('CustomField')

export const fieldValue = z.union([z.string().max(2_000), z.number(), z.array(z.string()).max(200)])
export type FieldValue = z.output<typeof fieldValue>

export const valuesInput = z.object({
  values: z
    .record(z.uuid(), fieldValue.nullable())
    .openapi({ description: 'By field; null takes the value away; fields that are not named stay' }),
})

export const customerFields = z
  .object({
    items: z.array(
      customField.extend({
        value: fieldValue.nullable(),
        masked: z.boolean().openapi({ description: 'The value is personal and the reader may not see it' }),
        editable: z.boolean(),
        updated_at: z.string().nullable(),
        source: z.string().nullable(),
      }),
    ),
  })
  .openapi('CustomerFields')
