import { createSandbox, type Sandbox, type SandboxOptions } from '@nuanyu/sandbox'
import { type Client, createClient, limitProfile, memoryBudget, memoryTokenStore } from '@nuanyu/wecom'
import { afterAll } from 'vitest'
import { z } from 'zod'
import { testDay } from '../testing-time.ts'
import type { Platform } from './platform.ts'

/** The sandbox as the platform of one test file, seen as our app of its brand sees it. */
export interface SandboxPlatform {
  readonly sandbox: Sandbox
  readonly url: string
  /** Our app's client, with budget and tokens in memory. */
  readonly client: Client
  /** What `Services` take as their platform: every question that is not answered here fails the test. */
  readonly platform: Platform
  /**
   * As if our process had died: from now on the platform is seen by another client, whose budget and tokens are its own and
   * whose wire may be given. What is under way at the one before keeps its place in a budget that nobody waits for.
   */
  restart(wire?: typeof fetch): void
  /** The sandbox's admin interface; paths begin with `/sandbox`. */
  admin(method: string, path: string, body?: unknown): Promise<unknown>
  people(role: 'staff' | 'customer', limit?: number): Promise<SandboxPerson[]>
}

export interface SandboxPerson {
  readonly id: string
  readonly userid: string
  readonly name: string
}

const corpsAnswer = z.object({
  corps: z.array(z.object({ corpId: z.string(), apps: z.array(z.object({ appKey: z.string(), secret: z.string() })) })),
})
const peopleAnswer = z.object({
  people: z.array(z.object({ id: z.string(), userid: z.string().optional(), name: z.string() })),
})

/**
 * A sandbox that wakes on `testDay`, unless it is told when: by the machine's clock its members would be asleep, and a day or
 * a month end, at the hour in which a run happens to be.
 */
export function testSandbox(options: SandboxOptions = {}): Sandbox {
  return createSandbox({ ...options, clock: { startMs: Date.parse(testDay), ...options.clock } })
}

/** Call once at the top of a test file or its stage; it is closed after the tests. */
export async function sandboxPlatform(options: SandboxOptions = {}): Promise<SandboxPlatform> {
  const sandbox = testSandbox(options)
  const { url } = await sandbox.listen({ port: 0 })
  afterAll(() => sandbox.close())
  const admin = async (method: string, path: string, body?: unknown): Promise<unknown> => {
    const answer = await fetch(`${url}${path}`, {
      method,
      headers: { 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    const said: unknown = await answer.json()
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${JSON.stringify(said)}`)
    return said
  }
  const [brand] = corpsAnswer.parse(await admin('GET', '/sandbox/corps')).corps
  const app = brand?.apps.find((one) => one.appKey === 'nuanyu')
  if (brand === undefined || app === undefined) throw new Error('the sandbox has no brand with our app')
  const clientOver = (wire: typeof fetch | undefined) =>
    createClient({
      baseUrl: url,
      corpId: brand.corpId,
      appKey: app.appKey,
      secret: app.secret,
      tokens: memoryTokenStore(),
      budget: memoryBudget(),
      ...(wire === undefined ? {} : { fetch: wire }),
    })
  const client = clientOver(undefined)
  let inUse = client
  const platform: Pick<Platform, 'forCorp' | 'limits'> = {
    forCorp: async () => inUse,
    limits: async () => limitProfile(),
  }
  return {
    sandbox,
    url,
    client,
    platform: platform as Platform,
    restart: (wire) => {
      inUse = clientOver(wire)
    },
    admin,
    people: async (role, limit = 200) =>
      peopleAnswer
        .parse(await admin('GET', `/sandbox/people?role=${role}&limit=${limit}`))
        .people.map(({ id, userid, name }) => ({ id, userid: userid ?? id, name })),
  }
}

/** A wire that loses one answer: the platform has done what it was asked. */
export function wireLosingAnswerOf(path: string): { readonly fetch: typeof fetch; readonly lost: () => boolean } {
  let lost = false
  return {
    fetch: async (input, init) => {
      const answer = await fetch(input, init)
      if (lost || !new URL(String(input)).pathname.endsWith(path)) return answer
      lost = true
      await answer.arrayBuffer()
      throw new TypeError('the answer was lost')
    },
    lost: () => lost,
  }
}
