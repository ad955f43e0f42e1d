import { z } from 'zod'
import { PersonId } from './schema.people.ts'

/** `GET /sandbox/shop/products`; `PATCH /sandbox/shop/products/:id` takes `ShopProductChange`. */
export const ShopProduct = z.object({
  id: z.string(),
  name: z.string(),
  category: z.string(),
  priceFen: z.number().int(),
  stock: z.number().int(),
  attributes: z.record(z.string(), z.string()),
})
export type ShopProduct = z.infer<typeof ShopProduct>
export const ShopProductsResponse = z.object({ products: z.array(ShopProduct) })
export type ShopProductsResponse = z.infer<typeof ShopProductsResponse>
export const ShopProductChange = z.object({
  priceFen: z.number().int().min(1).optional(),
  stock: z.number().int().min(0).optional(),
})
export type ShopProductChange = z.infer<typeof ShopProductChange>

export const ShopLine = z.object({
  productId: z.string(),
  name: z.string(),
  category: z.string(),
  priceFen: z.number().int(),
  quantity: z.number().int(),
})
export type ShopLine = z.infer<typeof ShopLine>

export const ShopOrder = z.object({
  /** The order's number. */
  id: z.string(),
  status: z.enum(['paid', 'partly_refunded', 'refunded']),
  /** Who it is in the sandbox; a real shop does not know. */
  person: PersonId,
  /** Of the mini program. */
  openId: z.string(),
  /** While the mini program is bound to the open-platform account. */
  unionId: z.string().optional(),
  items: z.array(ShopLine),
  totalFen: z.number().int(),
  refundedFen: z.number().int(),
  /** A department of the corp. */
  store: z.object({ id: z.number().int(), name: z.string() }),
  /** The member whose product card led here. */
  staff: z.string().optional(),
  paidMs: z.number(),
  updatedMs: z.number(),
  refunds: z.array(z.object({ id: z.string(), amountFen: z.number().int(), reason: z.string(), atMs: z.number() })),
})
export type ShopOrder = z.infer<typeof ShopOrder>

export const ShopEvent = z.object({
  /** Tells a repetition. */
  id: z.string(),
  type: z.enum(['product.viewed', 'cart.added', 'order.paid', 'order.refunded']),
  atMs: z.number(),
  openId: z.string(),
  unionId: z.string().optional(),
  data: z.object({
    order: ShopOrder.optional(),
    product: ShopLine.omit({ quantity: true }).optional(),
    quantity: z.number().int().optional(),
  }),
})
export type ShopEvent = z.infer<typeof ShopEvent>

/** `?cursor=&limit=`: opaque; the answer's `nextCursor` is kept for the next question even when the list is empty. */
export const ShopCursorQuery = z.object({
  cursor: z.string().optional(),
  limit: z.coerce.number().int().min(1).max(1000).default(100),
})
export type ShopCursorQuery = z.infer<typeof ShopCursorQuery>
/** `GET /sandbox/shop/orders`: orders as they are now, in the order of their changes; a changed one comes again. */
export const ShopOrdersResponse = z.object({ orders: z.array(ShopOrder), nextCursor: z.string(), more: z.boolean() })
export type ShopOrdersResponse = z.infer<typeof ShopOrdersResponse>
/** `GET /sandbox/shop/events`: everything that happened, each once. */
export const ShopEventsResponse = z.object({ events: z.array(ShopEvent), nextCursor: z.string(), more: z.boolean() })
export type ShopEventsResponse = z.infer<typeof ShopEventsResponse>

/**
 * `PUT /sandbox/shop/webhook` (`DELETE` ends it): each `ShopEvent` is posted there as JSON with `x-shop-timestamp` and
 * `x-shop-signature` (HMAC-SHA256 in hex of `timestamp.body`); three attempts unless answered 200 within 5 s.
 */
export const ShopWebhook = z.object({ url: z.url({ protocol: /^https?$/ }), secret: z.string().min(16).max(200) })
export type ShopWebhook = z.infer<typeof ShopWebhook>
/** `GET /sandbox/shop/webhook` */
export const ShopWebhookState = z.object({
  webhook: z.object({ url: z.string() }).nullable(),
  deliveries: z.array(
    z.object({
      eventId: z.string(),
      atMs: z.number(),
      attempt: z.number().int(),
      result: z.string(),
      status: z.number().int().optional(),
    }),
  ),
})
export type ShopWebhookState = z.infer<typeof ShopWebhookState>

/** `POST /sandbox/people/:id/shop/view` */
export const ShopViewRequest = z.object({ productId: z.string() })
/** `POST /sandbox/people/:id/shop/cart`: so many more; 0 takes it out. */
export const ShopCartRequest = z.object({ productId: z.string(), quantity: z.number().int().min(0).max(999) })
/** `GET`, `POST …/shop/cart` */
export const ShopCartResponse = z.object({
  lines: z.array(ShopLine.omit({ category: true })),
  totalFen: z.number().int(),
})
export type ShopCartResponse = z.infer<typeof ShopCartResponse>
/** `POST …/shop/pay`: these products, or the cart; answers the `ShopOrder`. */
export const ShopPayRequest = z.object({
  items: z
    .array(z.object({ productId: z.string(), quantity: z.number().int().min(1).max(999) }))
    .min(1)
    .optional(),
  storeId: z.number().int().optional(),
  staff: z.string().optional(),
})
/** `POST …/shop/refund`: the rest when no amount is given; answers the `ShopOrder`. */
export const ShopRefundRequest = z.object({
  orderId: z.string(),
  amountFen: z.number().int().min(1).optional(),
  reason: z.string().max(200).optional(),
})
/** `GET …/shop/orders`: newest first. */
export const PersonOrdersResponse = z.object({ orders: z.array(ShopOrder) })
export type PersonOrdersResponse = z.infer<typeof PersonOrdersResponse>
