import { z } from 'zod'
import {
  type BatchAnswer,
  batchAnswer,
  batchLimit,
  type ChatInput,
  type EventInput,
  type LeaveInput,
  type MemberInput,
  memberView,
  type OrderInput,
  type OwnerInput,
  orderView,
  type ProductInput,
  productView,
} from './shapes.ts'

export interface ClientOptions {
  /** Where Nuanyu is reached, e.g. `https://nuanyu.example.com`. */
  readonly baseUrl: string
  /** An API key from 设置 › 开放 API, with the scopes of what you call. */
  readonly key: string
  /** The language of reasons and hints; Chinese unless told. */
  readonly language?: 'zh' | 'en'
  /** How often one request is repeated when it got no answer, was too many (429) or met a restart (502–504). Default 5. */
  readonly repeats?: number
  /** Another way to send, for proxies and tests. */
  readonly fetch?: typeof fetch
}

/** Which rows of a list: a page of at most 200, after the cursor of the page before. */
export interface ListQuery {
  readonly source?: string
  readonly number?: string
  readonly limit?: number
  readonly cursor?: string
}

/** A whole request was refused: `code` is stable, message and hint are for a person. */
export class NuanyuError extends Error {
  readonly status: number
  readonly code: string
  readonly hint: string | undefined
  readonly details: unknown

  constructor(status: number, body: z.output<typeof refusal>) {
    super(body.hint === undefined ? body.message : `${body.message} ${body.hint}`)
    this.name = 'NuanyuError'
    this.status = status
    this.code = body.code
    this.hint = body.hint
    this.details = body.details
  }
}

const refusal = z.object({
  code: z.string(),
  message: z.string(),
  hint: z.string().optional(),
  details: z.unknown().optional(),
})
const waitFor = z.object({ retry_after_s: z.number() })

export type Client = ReturnType<typeof createClient>

/**
 * A client of the /v1 interface. `send` takes any number of rows and cuts them into requests of 1,000; every row may be
 * sent again without harm, so requests without an answer are repeated. Throws `NuanyuError` when a request is refused as a
 * whole; single rows that are rejected stand in the answer.
 */
export function createClient(options: ClientOptions) {
  const base = options.baseUrl.replace(/\/+$/, '')
  const send = options.fetch ?? fetch
  const headers = {
    authorization: `Bearer ${options.key}`,
    'accept-language': options.language ?? 'zh',
  }

  async function call<S extends z.ZodType>(path: string, answer: S, body?: unknown): Promise<z.output<S>> {
    for (let tries = 0; ; tries += 1) {
      const last = tries >= (options.repeats ?? 5)
      const response = await send(`${base}${path}`, {
        method: body === undefined ? 'GET' : 'POST',
        headers: body === undefined ? headers : { ...headers, 'content-type': 'application/json' },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      }).catch((error: unknown) => {
        if (last) throw error
        return undefined
      })
      if (response?.ok) return answer.parse(await response.json())
      const said = response === undefined ? undefined : refusal.safeParse(await response.json().catch(() => undefined))
      if (response !== undefined && (last || !isWorthRepeating(response.status)))
        throw new NuanyuError(
          response.status,
          said?.data ?? { code: `http_${response.status}`, message: `HTTP ${response.status}`, details: undefined },
        )
      await pause(waitFor.safeParse(said?.data?.details).data?.retry_after_s ?? Math.min(2 ** tries / 4, 8))
    }
  }

  async function sendRows(kind: string, rows: readonly unknown[]): Promise<BatchAnswer> {
    const whole: BatchAnswer = { accepted: 0, unchanged: 0, rejected: 0, results: [] }
    for (let from = 0; from < rows.length; from += batchLimit) {
      const part = await call(`/v1/${kind}`, batchAnswer, { [kind]: rows.slice(from, from + batchLimit) })
      whole.accepted += part.accepted
      whole.unchanged += part.unchanged
      whole.rejected += part.rejected
      whole.results.push(...part.results)
    }
    return whole
  }

  const list =
    <S extends z.ZodType>(kind: string, item: S) =>
    (query: ListQuery = {}) => {
      const given = Object.entries(query).map(([name, value]): [string, string] => [name, String(value)])
      const page = z.object({ items: z.array(item), next_cursor: z.string().nullable() })
      return call(`/v1/${kind}?${new URLSearchParams(given)}`, page)
    }

  return {
    /** Orders as they are now; scopes `orders.write` and `orders.read`. */
    orders: {
      send: (rows: readonly OrderInput[]) => sendRows('orders', rows),
      list: list('orders', orderView),
    },
    /** Products with their stock; scopes `products.write` and `products.read`. */
    products: {
      send: (rows: readonly ProductInput[]) => sendRows('products', rows),
      list: list('products', productView),
    },
    /** Members with level and points; scopes `members.write` and `members.read`. */
    members: {
      send: (rows: readonly MemberInput[]) => sendRows('members', rows),
      list: list('members', memberView),
    },
    /** What people did; scope `events.write`. */
    events: {
      send: (rows: readonly EventInput[]) => sendRows('events', rows),
    },
    /** Who last chatted with whom; scope `chats.write`. */
    chats: {
      send: (rows: readonly ChatInput[]) => sendRows('chats', rows),
    },
    /** Exclusive owners of customers; scope `owners.write`. */
    owners: {
      send: (rows: readonly OwnerInput[]) => sendRows('owners', rows),
    },
    /** Leave of members; scope `leaves.write`. */
    leaves: {
      send: (rows: readonly LeaveInput[]) => sendRows('leaves', rows),
    },
  }
}

function isWorthRepeating(status: number): boolean {
  return status === 429 || (status >= 502 && status <= 504)
}

function pause(seconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, seconds * 1000))
}
