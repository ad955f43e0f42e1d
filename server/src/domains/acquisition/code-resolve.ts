import { type Client, WecomError } from '@nuanyu/wecom'
import { type CallSettlement, type CodeRow, endCalling } from './code.store.ts'
import { saysGone, wishHash } from './code.ts'
import type { CallTools } from './code-call.ts'
import { knownConfigs } from './code-orphans.store.ts'

/** What the platform has of a code. */
export interface AtPlatform {
  readonly configId: string
  readonly users: readonly string[]
  readonly skipVerify: boolean
  readonly remark: string
  readonly state: string
  readonly url: string | null
}

export async function readWay(client: Client, configId: string): Promise<AtPlatform | undefined> {
  try {
    const { contact_way: way } = await client.contactWays.get({ config_id: configId })
    const { config_id, user, skip_verify: skipVerify, remark, state, qr_code: url } = way
    return { configId: config_id, users: user, skipVerify, remark, state, url: url ?? null }
  } catch (error) {
    if (error instanceof WecomError && saysGone(error.errcode)) return undefined
    throw error
  }
}

/**
 * Finds out what became of a call whose answer was lost, by reading the platform: it happened, or it did not and may be
 * made again. Never by repeating it.
 */
export async function resolveCall(tools: CallTools, code: CodeRow): Promise<void> {
  const { calling } = code
  if (calling === null) return
  const way =
    code.configId === null ? await findByState(tools, code, calling.since) : await readWay(tools.client, code.configId)
  const end = async (settlement: Partial<CallSettlement>, happened: boolean) => {
    await tools.db.transaction().execute(async (tx) => {
      const detail = { resolved: happened ? 'it had happened' : 'it had not happened' }
      await tools.effects.settle(tx, [{ key: calling.key, state: happened ? 'done' : 'refused', detail }], tools.now())
      await endCalling(
        tx,
        { codeId: code.id, key: calling.key, problem: null, retryAfter: 0, ...settlement },
        tools.now(),
      )
    })
  }
  if (way === undefined) {
    if (calling.kind === 'remove') return end({ removed: true }, true)
    const problem = code.configId === null ? null : ({ kind: 'gone_there', at: tools.now().toISOString() } as const)
    return end({ problem, retryAfter: problem === null ? 0 : 600 }, false)
  }
  if (calling.kind === 'remove') return end({}, false)
  const effective = { users: way.users, hash: wishHash(way) }
  const made = { configId: way.configId, url: way.url, content: null }
  return end(
    { effective, ...(code.configId === null ? { made } : {}) },
    effective.hash === calling.hash || calling.kind === 'add',
  )
}

const aroundS = 15 * 60

/** The way that carries our `state` among those that the platform made about then and that we do not know. */
async function findByState(tools: CallTools, code: CodeRow, sinceMs: number): Promise<AtPlatform | undefined> {
  const around = Math.min(sinceMs, tools.now().getTime()) / 1000
  const known = await knownConfigs(tools.db, code.corpId)
  for await (const configId of listedWays(tools.client, { start: Math.floor(around - aroundS) })) {
    if (known.has(configId)) continue
    const way = await readWay(tools.client, configId)
    if (way?.state === code.state) return way
  }
  return undefined
}

/** All ids of contact ways that the platform lists, page by page. Times in seconds. */
export async function* listedWays(client: Client, span: { start?: number; end?: number } = {}): AsyncGenerator<string> {
  let cursor: string | undefined
  do {
    const page = await client.contactWays.list({
      ...(span.start === undefined ? {} : { start_time: span.start }),
      ...(span.end === undefined ? {} : { end_time: span.end }),
      ...(cursor === undefined ? {} : { cursor }),
      limit: 1000,
    })
    for (const { config_id } of page.contact_way) yield config_id
    cursor = page.next_cursor === '' ? undefined : page.next_cursor
  } while (cursor !== undefined)
}
