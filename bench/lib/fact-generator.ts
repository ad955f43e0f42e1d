import type { BatchAnswer, EventInput, OrderInput } from '@nuanyu/client'
import { dice } from './customer-generator.ts'

/**
 * Sends facts to /v1 over a few connections, each batch as soon as the one before is answered. Runs in a process of its
 * own, so that its work is not the server's; reads a plan on stdin, prints one JSON object.
 */
export interface FactPlan {
  readonly url: string
  readonly key: string
  readonly kind: 'orders' | 'events'
  readonly connections: number
  readonly batch: number
  /** Goes into the number of every fact, so that a kept world takes those of this run as new. */
  readonly run: string
  /** Numbers of facts begin here: the same plan sends the same facts. */
  readonly from: number
  /** Stop after so many batches or so long, whichever is first. */
  readonly batches: number
  readonly limitMs: number
  readonly persons: number
  readonly stores: number
  /** Business time of the last facts, ms. */
  readonly now: number
}

export interface FactReport {
  readonly batches: number
  readonly accepted: number
  readonly unchanged: number
  readonly rejected: number
  readonly elapsedMs: number
  /** From sending a batch to its answer, ascending. */
  readonly latencies: readonly number[]
}

const productCount = 2_000
const categoryCount = 40
const names = ['view_page', 'view_product', 'share', 'add_to_cart', 'coupon_received']

/** Most buy who have bought before; some come for the first time, some are told with their member number. */
function buyerOf(name: string, persons: number, random: () => number): OrderInput['customer'] {
  const roll = random()
  if (roll < 0.05) return { unionid: `new-${name}` }
  const person = (Math.floor(random() ** 2 * persons) * 7_919) % persons
  return roll < 0.15 ? { unionid: `u${person}`, member_no: `m${person}` } : { unionid: `u${person}` }
}

export function orderOf(n: number, plan: Pick<FactPlan, 'run' | 'persons' | 'stores' | 'now'>): OrderInput {
  const random = dice(n + 1)
  const lines = Array.from({ length: 5 }, () => {
    const product = Math.floor(random() ** 3 * productCount)
    const price = 500 + Math.floor(random() * 20_000)
    return {
      product: `p${product}`,
      name: `商品${product}`,
      category: `c${product % categoryCount}`,
      quantity: 1,
      price,
    }
  })
  const at = new Date(plan.now - Math.floor(random() * 600_000)).toISOString()
  return {
    ...{ source: 'bench', number: `${plan.run}-${n}`, updated_at: at, ordered_at: at, paid_at: at },
    customer: buyerOf(`${plan.run}-${n}`, plan.persons, random),
    amount: lines.reduce((sum, { price }) => sum + price, 0),
    lines,
    store: `s${Math.floor(random() * plan.stores)}`,
    channel: random() < 0.5 ? 'mini_program' : 'store',
  }
}

export function eventOf(n: number, plan: Pick<FactPlan, 'run' | 'persons' | 'now'>): EventInput {
  const random = dice(n + 1)
  const person = (Math.floor(random() ** 2 * plan.persons) * 6_007) % plan.persons
  return {
    source: 'bench',
    number: `${plan.run}-${n}`,
    name: names[Math.floor(random() * names.length)] ?? 'view_page',
    at: new Date(plan.now - Math.floor(random() * 600_000)).toISOString(),
    customer: { unionid: `u${person}` },
    properties: { product: `p${Math.floor(random() ** 3 * productCount)}`, page: 'home' },
  }
}

export async function sendFacts(plan: FactPlan): Promise<FactReport> {
  const make = (batch: number): string => {
    const first = plan.from + batch * plan.batch
    const rows = Array.from({ length: plan.batch }, (_, n) =>
      plan.kind === 'orders' ? orderOf(first + n, plan) : eventOf(first + n, plan),
    )
    return JSON.stringify({ [plan.kind]: rows })
  }
  const latencies: number[] = []
  const sums = { accepted: 0, unchanged: 0, rejected: 0 }
  let next = 0
  const started = performance.now()
  const lane = async (): Promise<void> => {
    while (next < plan.batches && performance.now() - started < plan.limitMs) {
      const body = make(next++)
      const sent = performance.now()
      const response = await fetch(`${plan.url}/v1/${plan.kind}`, {
        method: 'POST',
        headers: { authorization: `Bearer ${plan.key}`, 'content-type': 'application/json' },
        body,
      })
      if (!response.ok) throw new Error(`/v1/${plan.kind} answered ${response.status}: ${await response.text()}`)
      const answer = (await response.json()) as BatchAnswer
      latencies.push(performance.now() - sent)
      sums.accepted += answer.accepted
      sums.unchanged += answer.unchanged
      sums.rejected += answer.rejected
    }
  }
  await Promise.all(Array.from({ length: plan.connections }, lane))
  latencies.sort((a, b) => a - b)
  return { batches: next, ...sums, elapsedMs: performance.now() - started, latencies }
}

if (import.meta.main) {
  const chunks: Buffer[] = []
  for await (const chunk of process.stdin) chunks.push(chunk as Buffer)
  process.stdout.write(JSON.stringify(await sendFacts(JSON.parse(Buffer.concat(chunks).toString('utf8')) as FactPlan)))
}
