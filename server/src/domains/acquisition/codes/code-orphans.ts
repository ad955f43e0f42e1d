import type { Client } from '@nuanyu/wecom'
import type { OperationRun } from '../../../infra/operations/operations.ts'
import type { Services } from '../../../infra/services.ts'
import { knownConfigs, type OrphanDetail, ownConfigs, writeOrphans } from './code-orphans.store.ts'
import { listedWays, readWay } from './code-resolve.ts'

export const orphansKind = 'channels.orphans'

/** `list_contact_way` has no code made before this day. */
const listedSinceMs = Date.parse('2021-07-11T00:00:00+08:00')
/** One call lists at most so long a span at a time, so that no page of a busy corp is missed. */
const spanMs = 90 * 86_400_000

interface Found {
  readonly kind: 'unknown_here' | 'gone_there'
  readonly configId: string
  readonly detail: OrphanDetail
}

/** Compares what the platform lists with what we know: codes unknown to us, and ours that the platform does not have. */
export async function findOrphans(
  services: Pick<Services, 'db' | 'clock' | 'platform'>,
  run: OperationRun<unknown>,
): Promise<unknown> {
  const { db, clock } = services
  const client = await services.platform.forCorp(run.corpId)
  if (client === undefined) throw new Error('没有接入客户联系应用 no customer-contact app is connected')
  const startedAt = clock.now()
  const listed = await listAll(client, startedAt.getTime(), (done, total) => run.progress({ done, total }))
  const known = await knownConfigs(db, run.corpId)
  const strange = [...listed].filter((id) => !known.has(id))
  const found: Found[] = []
  for (const [at, configId] of strange.entries()) {
    const way = await readWay(client, configId)
    if (way !== undefined)
      found.push({ kind: 'unknown_here', configId, detail: { remark: way.remark, state: way.state, users: way.users } })
    if (at % 50 === 0) await run.progress({ done: at, total: strange.length })
  }
  for (const { configId, channelId, channelName } of await ownConfigs(db, run.corpId)) {
    if (listed.has(configId)) continue
    // not listed may mean older than the list reaches, or made meanwhile: only the read says that it is gone
    if ((await readWay(client, configId)) === undefined)
      found.push({ kind: 'gone_there', configId, detail: { channelId, channelName } })
  }
  await db.transaction().execute((tx) => writeOrphans(tx, run.corpId, found, clock.now()))
  const count = (kind: Found['kind']) => found.filter((one) => one.kind === kind).length
  return { listed: listed.size, unknown_here: count('unknown_here'), gone_there: count('gone_there') }
}

async function listAll(
  client: Client,
  untilMs: number,
  progress: (done: number, total: number) => Promise<void>,
): Promise<ReadonlySet<string>> {
  const listed = new Set<string>()
  const spans = Math.ceil((untilMs - listedSinceMs) / spanMs)
  for (let span = 0; span < spans; span++) {
    const start = Math.floor((listedSinceMs + span * spanMs) / 1000)
    const end = Math.floor(Math.min(untilMs, listedSinceMs + (span + 1) * spanMs) / 1000)
    for await (const id of listedWays(client, { start, end })) listed.add(id)
    await progress(span + 1, spans)
  }
  return listed
}
