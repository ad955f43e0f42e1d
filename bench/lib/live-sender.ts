import { dice } from './customer-generator.ts'

/**
 * Sends events of persons at a steady pace, whether the ones before are answered or not. Runs in a process of its own;
 * reads a plan on stdin, prints one JSON object.
 */
export interface LivePlan {
  readonly url: string
  readonly key: string
  /** Goes into names and numbers, so that a kept world takes those of this run as new. */
  readonly run: string
  readonly persons: number
  readonly names: number
  readonly perSecond: number
  readonly batch: number
  readonly seconds: number
}

export interface LiveReport {
  /** When each batch was sent, ms since 1970. */
  readonly sentAt: readonly number[]
  readonly accepted: number
  readonly rejected: number
  /** From sending to the answer, ascending. */
  readonly latencies: readonly number[]
}

export const liveName = (run: string, event: number) => `live_${run}_${event}`

/** Some do much, most do little: of 40,000 persons, spread over all numbers. */
export function liveEvent(n: number, { persons, names }: Pick<LivePlan, 'persons' | 'names'>) {
  const random = dice(n + 77)
  const among = Math.min(persons, 40_000)
  const person = Math.floor(random() ** 2 * among) * Math.floor(persons / among)
  return { person, event: Math.floor(random() * names) }
}

async function send(plan: LivePlan): Promise<LiveReport> {
  const { url, key, run, perSecond, batch, seconds } = plan
  const [sentAt, latencies]: [number[], number[]] = [[], []]
  let [accepted, rejected] = [0, 0]
  const one = async (at: number): Promise<void> => {
    const events = Array.from({ length: batch }, (_, n) => {
      const { person, event } = liveEvent(at * batch + n, plan)
      return {
        ...{ source: 'bench', number: `${run}-${at * batch + n}`, name: liveName(run, event) },
        ...{ at: new Date().toISOString(), customer: { unionid: `u${person}` } },
      }
    })
    sentAt[at] = Date.now()
    const began = performance.now()
    const response = await fetch(`${url}/v1/events`, {
      method: 'POST',
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
      body: JSON.stringify({ events }),
    })
    if (!response.ok) throw new Error(`/v1/events answered ${response.status}: ${await response.text()}`)
    const answer = (await response.json()) as { accepted: number; rejected: number }
    latencies.push(performance.now() - began)
    accepted += answer.accepted
    rejected += answer.rejected
  }
  const under: Promise<void>[] = []
  const started = performance.now()
  for (let at = 0; at < (perSecond * seconds) / batch; at += 1) {
    const due = started + (at * batch * 1000) / perSecond
    if (performance.now() < due) await new Promise((resolve) => setTimeout(resolve, due - performance.now()))
    under.push(one(at))
  }
  await Promise.all(under)
  return { sentAt, accepted, rejected, latencies: latencies.sort((a, b) => a - b) }
}

if (import.meta.main) {
  const chunks: Buffer[] = []
  for await (const chunk of process.stdin) chunks.push(chunk as Buffer)
  process.stdout.write(JSON.stringify(await send(JSON.parse(Buffer.concat(chunks).toString('utf8')) as LivePlan)))
}
