import { z } from '@hono/zod-openapi'

/** The end of an order's number, as it stands on a parcel's slip. */
export const orderTail = z.string().regex(/^[0-9A-Za-z]{4,12}$/)

export const orderCandidate = z
  .object({
    home_id: z.number().openapi({ description: 'Under whom the order stands, to claim it' }),
    tail: z.string().openapi({ description: 'The end of its number' }),
    source: z.string(),
    ordered_at: z.string(),
    amount: z.int().openapi({ description: 'Fen' }),
    store: z.string().nullable(),
    goods: z.array(z.string()),
  })
  .openapi('OrderCandidate')

export const orderClaim = z.object({ home_id: z.int().positive(), tail: orderTail })
