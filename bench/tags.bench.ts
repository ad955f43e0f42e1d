import { createSandbox } from '@nuanyu/sandbox'
import { type Client, createClient, memoryBudget, memoryTokenStore } from '@nuanyu/wecom'
import { demoPassword } from '../server/src/infra/auth/passwords.ts'
import type { Bench, BenchContext } from './lib/bench.ts'
import { ask } from './lib/brand.ts'
import { freePort, startServerProcess } from './lib/processes.ts'

const tagsAGroup = 50
const personsAPut = 200
const tagsAPut = 10

/** SC26 in full: tags and markings that converge, edits on both sides, and a check that finds nothing; over HTTP only. */
export const bench: Bench = {
  name: 'tags',
  describe: '500 tags and 100,000 markings both ways: converged, 0 differences, no relation lost',
  async run(context) {
    const { folder, say, option } = context
    const tags = option('tags', 500)
    const people = option('people', 10_200)
    const sandbox = createSandbox({ people, staff: 20, relations: people })
    const { url: sandboxUrl } = await sandbox.listen({ port: 0 })
    const port = await freePort()
    const url = `http://127.0.0.1:${port}`
    const server = await startServerProcess(port, { DATA_DIR: folder, SANDBOX_URL: sandboxUrl, PUBLIC_URL: url })
    try {
      const operator = await logIn(url)
      await synced(operator, context, people)
      const began = performance.now()
      const ids = await makeTags(operator, tags)
      say(`${ids.length} tags made`)
      const made_s = since(began)
      const customers = (await everybody(operator)).slice(0, people)
      const wanted = await mark(operator, ids, customers, say)
      const marked_s = since(began) - made_s
      const client = await clientOf(sandboxUrl)
      const standing = await standingThere(client)
      say(`${standing} markings stand at the platform, ${wanted} tags on persons`)
      const first = await settled(operator, 'check', {})
      await edit(operator, client, sandboxUrl, ids)
      const differed = await settled(operator, 'check', {})
      say(`their edits differ: ${JSON.stringify(differed)}`)
      await settled(operator, 'apply', {})
      const last = await settled(operator, 'check', {})
      const lost = standing - (await standingThere(client))
      const none = (found: Found) => found.catalogue.length + found.marks + found.waiting + found.refused
      return {
        ok: none(first) === 0 && none(last) === 0 && none(differed) > 0 && lost === 0 && standing >= wanted,
        config: { tags, people, wanted },
        figures: {
          ...{ minutes: round(since(began) / 60), made_s: round(made_s), marked_s: round(marked_s) },
          ...{ markings: standing, markings_per_s: round(standing / marked_s), lost },
          ...{ differences_before: none(first), differences_found: none(differed), differences_after: none(last) },
        },
      }
    } finally {
      await server.stop()
      await sandbox.close()
    }
  },
}

type Call = <T>(method: string, path: string, body?: unknown) => Promise<T>

async function logIn(url: string): Promise<Call> {
  const login = await fetch(`${url}/api/auth/login`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: url },
    body: JSON.stringify({ username: 'admin', password: demoPassword }),
  })
  const cookie = login.headers.getSetCookie()[0]?.split(';')[0] ?? ''
  const { csrf } = (await (await fetch(`${url}/api/auth/me`, { headers: { cookie } })).json()) as { csrf: string }
  return async <T>(method: string, path: string, body?: unknown) => {
    const answer = await fetch(url + path, {
      method,
      headers: { cookie, origin: url, 'x-csrf-token': csrf, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    if (!answer.ok) throw new Error(`${method} ${path} answered ${answer.status}: ${await answer.text()}`)
    return (answer.status === 204 ? undefined : await answer.json()) as T
  }
}

const since = (began: number) => (performance.now() - began) / 1000
const round = (value: number) => Math.round(value * 10) / 10
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

async function synced(call: Call, { say }: BenchContext, people: number): Promise<void> {
  for (;;) {
    const { first_done_at, customers } = await call<{ first_done_at: string | null; customers: number }>(
      'GET',
      '/api/customer-sync',
    )
    if (first_done_at !== null && customers > 0) return say(`${customers} of ${people} people read`)
    await pause(500)
  }
}

interface Group {
  readonly id: string
  readonly name: string
  readonly ours: boolean
  readonly tags: readonly { readonly id: string; readonly name: string; readonly customers: number | null }[]
}
const groupsOf = async (call: Call) =>
  (await call<{ groups: readonly Group[] }>('GET', '/api/tags')).groups.filter((group) => group.ours)

async function makeTags(call: Call, tags: number): Promise<readonly string[]> {
  for (let at = 0; at < tags / tagsAGroup; at += 1) {
    const names = Array.from({ length: Math.min(tagsAGroup, tags - at * tagsAGroup) }, (_, no) => `标签${at}-${no}`)
    await call('POST', '/api/tag-groups', { name: `组${at}`, kind: 'corp', tags: names })
  }
  return (await groupsOf(call)).flatMap((group) => group.tags.map((tag) => tag.id))
}

async function everybody(call: Call): Promise<number[]> {
  const ids: number[] = []
  let cursor: string | null = ''
  while (cursor !== null) {
    const query: string = cursor === '' ? '' : `&cursor=${encodeURIComponent(cursor)}`
    const page: { items: { id: number }[]; next_cursor: string | null } = await call(
      'GET',
      `/api/customers?status=alive&limit=200${query}`,
    )
    ids.push(...page.items.map(({ id }) => id))
    cursor = page.next_cursor
  }
  return ids
}

/** Ten tags on each person, as operations: 200 persons and ten tags each. Answers how many person-tags that makes. */
async function mark(call: Call, ids: readonly string[], customers: readonly number[], say: (text: string) => void) {
  let wanted = 0
  for (let at = 0; at * personsAPut < customers.length; at += 1) {
    const persons = customers.slice(at * personsAPut, (at + 1) * personsAPut)
    const first = (at * tagsAPut) % ids.length
    const tag_ids = ids.slice(first, first + tagsAPut)
    const { operation_id } = await call<{ operation_id: string }>('POST', '/api/tags/put', {
      tag_ids,
      says: true,
      customers: persons,
    })
    await over(call, operation_id)
    wanted += persons.length * tag_ids.length
    if (at % 10 === 9) say(`${wanted} markings`)
  }
  return wanted
}

async function over(call: Call, id: string): Promise<void> {
  for (;;) {
    const { state, error } = await call<{ state: string; error: string | null }>('GET', `/api/operations/${id}`)
    if (state === 'done') return
    if (state === 'failed' || state === 'cancelled') throw new Error(`an operation ${state}: ${error}`)
    await pause(100)
  }
}

interface Found {
  readonly catalogue: readonly unknown[]
  readonly marks: number
  readonly waiting: number
  readonly refused: number
}

/** Runs a check, or applies what differs, and answers what differs then. */
async function settled(call: Call, what: 'check' | 'apply', body: object): Promise<Found> {
  const { operation_id } = await call<{ operation_id: string }>('POST', `/api/tag-sync/${what}`, body)
  await over(call, operation_id)
  for (;;) {
    const found = await call<Found>('GET', '/api/tag-sync')
    if (found.waiting === 0) return found
    await pause(500)
  }
}

async function clientOf(sandboxUrl: string): Promise<Client> {
  const { corps } = await ask<{ corps: { corpId: string; apps: { appKey: string; secret: string }[] }[] }>(
    `${sandboxUrl}/sandbox/corps`,
  )
  const [brand] = corps
  const app = brand?.apps.find((one) => one.appKey === 'nuanyu')
  if (brand === undefined || app === undefined) throw new Error('the sandbox has no brand with our app')
  const { corpId } = brand
  return createClient({ baseUrl: sandboxUrl, corpId, ...app, tokens: memoryTokenStore(), budget: memoryBudget() })
}

const tagsThere = async (client: Client) => (await client.tags.list({})).tag_group.flatMap((group) => group.tag)

/** Markings of ours on relations, as the platform has them; by name, so that a tag made anew counts as the same. */
async function standingThere(client: Client): Promise<number> {
  const ours = new Set(
    (await tagsThere(client)).filter(({ name }) => /^(标签|我们|他们)/.test(name)).map(({ id }) => id),
  )
  let standing = 0
  for (const userid of (await client.customers.listFollowUsers({})).follow_user) {
    let cursor = ''
    do {
      const page = await client.customers.batchGetByUser({ userid_list: [userid], cursor, limit: 100 })
      for (const { follow_info } of page.external_contact_list)
        standing += follow_info.tag_id.filter((id) => ours.has(id)).length
      cursor = page.next_cursor
    } while (cursor !== '')
  }
  return standing
}

/** Rename and move on our side; rename and delete on theirs. */
async function edit(call: Call, client: Client, sandboxUrl: string, ids: readonly string[]): Promise<void> {
  const [ours = '', moved = ''] = ids
  await call('PATCH', `/api/tags/${ours}`, { name: '我们改的' })
  const groups = await groupsOf(call)
  const target = groups.find((group) => group.tags.every((tag) => tag.id !== moved))
  const { operation_id } = await call<{ operation_id: string }>('POST', `/api/tags/${moved}/move`, {
    to_group: target?.id,
  })
  await over(call, operation_id)
  const named = new Map((await tagsThere(client)).map(({ id, name }) => [name, id]))
  await ask(`${sandboxUrl}/sandbox/console`, { do: 'tag.rename', id: named.get('标签1-1'), name: '他们改的' })
  await ask(`${sandboxUrl}/sandbox/console`, { do: 'tag.delete', id: named.get('标签1-2') })
  await pause(3_000)
}
