import { expect, it } from 'vitest'
import { createClient, NuanyuError } from './client.ts'
import type { EventInput } from './shapes.ts'

interface Asked {
  readonly url: string
  readonly init: RequestInit | undefined
}

/** A server that gives these answers one after the other; undefined: none at all. */
function answering(...answers: ({ status: number; body: unknown } | undefined)[]) {
  const asked: Asked[] = []
  const send: typeof fetch = async (input, init) => {
    asked.push({ url: String(input), init })
    const answer = answers.shift()
    if (answer === undefined) throw new TypeError('the connection was closed')
    return Response.json(answer.body, { status: answer.status })
  }
  return {
    asked,
    client: createClient({ baseUrl: 'https://nuanyu.example/', key: 'nyk_key', fetch: send, repeats: 2 }),
  }
}

const event = (n: number): EventInput => ({
  source: 'mini',
  number: `E${n}`,
  name: 'view_page',
  at: '2026-06-02T10:00:00+08:00',
  customer: { unionid: 'oA' },
})
const batch = (accepted: number) => ({
  status: 200,
  body: {
    accepted,
    unchanged: 0,
    rejected: 0,
    results: Array.from({ length: accepted }, () => ({ source: 'mini', number: 'E', status: 'accepted' })),
  },
})

it('cuts rows into requests of 1,000 and adds up their answers', async () => {
  const { asked, client } = answering(batch(1_000), batch(500))
  const answer = await client.events.send(Array.from({ length: 1_500 }, (_, n) => event(n)))
  expect([answer.accepted, answer.results.length]).toEqual([1_500, 1_500])
  expect(asked.map(({ url }) => url)).toEqual(Array(2).fill('https://nuanyu.example/v1/events'))
  expect(JSON.parse(String(asked[1]?.init?.body)).events).toHaveLength(500)
  expect(new Headers(asked[0]?.init?.headers).get('authorization')).toBe('Bearer nyk_key')
})

it('repeats a request that got no answer or met a limit, and gives up with what was said', async () => {
  const limit = { status: 429, body: { code: 'too_many', message: 'used up', details: { retry_after_s: 0 } } }
  const lucky = answering(undefined, limit, batch(1))
  expect(await lucky.client.events.send([event(1)])).toMatchObject({ accepted: 1 })
  expect(lucky.asked).toHaveLength(3)
  const refused = answering(limit, limit, limit)
  await expect(refused.client.events.send([event(1)])).rejects.toMatchObject({ status: 429, code: 'too_many' })
  await expect(answering(undefined, undefined, undefined).client.events.send([event(1)])).rejects.toThrow('closed')
})

it('does not repeat what was refused for good', async () => {
  const { asked, client } = answering({ status: 403, body: { code: 'forbidden', message: 'no scope', hint: 'ask' } })
  const refusal = await client.orders.list({ number: 'T1' }).catch((error: unknown) => error)
  expect(refusal).toBeInstanceOf(NuanyuError)
  expect(refusal).toMatchObject({ status: 403, code: 'forbidden', hint: 'ask', message: 'no scope ask' })
  expect(asked.map(({ url }) => url)).toEqual(['https://nuanyu.example/v1/orders?number=T1'])
})
