import { type Client, WecomError } from '@nuanyu/wecom'
import { linkContent } from '../links/link-call.ts'
import { type CallSettlement, type CodeRow, endCalling } from './code.store.ts'
import { remarkOf, saysGone, wishHash } from './code.ts'
import type { CallTools } from './code-call.ts'
import { knownConfigs, knownLinks } from './code-orphans.store.ts'

/** What the platform has of a code. */
export interface AtPlatform {
  readonly configId: string
  readonly users: readonly string[]
  readonly skipVerify: boolean
  readonly remark: string
  readonly state: string
  readonly url: string | null
  /** Whether it is one of ours by its kind: several members (type 2), a QR code (scene 2). */
  readonly printable: boolean
}

export async function readWay(client: Client, configId: string): Promise<AtPlatform | undefined> {
  try {
    const { contact_way: way } = await client.contactWays.get({ config_id: configId })
    const { config_id, user, skip_verify: skipVerify, remark, state, qr_code: url } = way
    return {
      configId: config_id,
      users: user,
      skipVerify,
      remark,
      state,
      url: url ?? null,
      printable: way.type === 2 && way.scene === 2,
    }
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
  const way = await atPlatform(tools, code, calling.since)
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
  const content = code.kind === 'link' && way.url !== null ? linkContent(way.url, code.state) : null
  const made = { configId: way.configId, url: way.url, content }
  return end(
    { effective, ...(code.configId === null ? { made } : {}) },
    effective.hash === calling.hash || calling.kind === 'add',
  )
}

function atPlatform(tools: CallTools, code: CodeRow, sinceMs: number): Promise<AtPlatform | undefined> {
  if (code.kind === 'link') return findLink(tools, code)
  return code.configId === null ? findByState(tools, code, sinceMs) : readWay(tools.client, code.configId)
}

/** A link has no parameter of ours to know it by, but its name and members: of those that we do not know. */
async function findLink(tools: CallTools, code: CodeRow): Promise<AtPlatform | undefined> {
  if (code.configId !== null) return readLink(tools.client, code.configId, code.state)
  const known = await knownLinks(tools.db, code.corpId)
  const wanted = new Set(code.calling?.users)
  for await (const linkId of listedLinks(tools.client)) {
    if (known.has(linkId)) continue
    const link = await readLink(tools.client, linkId, code.state)
    if (
      link?.remark === remarkOf(code.channelName) &&
      link.users.length === wanted.size &&
      link.users.every((user) => wanted.has(user))
    )
      return link
  }
  return undefined
}

async function readLink(client: Client, linkId: string, state: string): Promise<AtPlatform | undefined> {
  try {
    const { link, range } = await client.acquisitionLinks.get({ link_id: linkId })
    return {
      configId: linkId,
      users: range.user_list,
      skipVerify: link.skip_verify,
      remark: link.link_name,
      state,
      url: link.url,
      printable: true,
    }
  } catch (error) {
    // a link that the platform does not know (any more) answers as a wrong parameter
    if (error instanceof WecomError && error.errcode === 40058) return undefined
    throw error
  }
}

export async function* listedLinks(client: Client): AsyncGenerator<string> {
  let cursor: string | undefined
  do {
    const page = await client.acquisitionLinks.list({ limit: 100, ...(cursor === undefined ? {} : { cursor }) })
    yield* page.link_id_list
    cursor = page.next_cursor === '' ? undefined : page.next_cursor
  } while (cursor !== undefined)
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
