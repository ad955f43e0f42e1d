import type { WeixinEvent } from '@nuanyu/wecom'
import { parseWeixinEvent } from '@nuanyu/wecom'
import { z } from 'zod'
import type { Database } from '../../infra/db/database.ts'
import { daysKept } from '../../infra/retention/rules.ts'
import type { Services } from '../../infra/services.ts'
import { type CommitWriter, createDurableWriter, createRegister, type Register } from '../intake/index.ts'
import { calledAccounts } from './accounts.store.ts'
import type { CalledAccount } from './accounts.ts'
import { keepCallbacks, type NewCallback } from './callbacks.store.ts'
import { callbackKey } from './facts.ts'

/** A callback that was verified and decrypted, on its way into the database. */
export interface WeixinCallback extends NewCallback {
  /** Machine milliseconds (performance.now) at receipt. */
  readonly receivedMs: number
}

/** What accounts are called back with becomes durable: in the database, or in a file until that is back. */
export interface WeixinInbox {
  /** By `<corpid>/<appid>`; in memory, because a callback must be opened while the database is away too. */
  readonly accounts: Register<CalledAccount>
  readonly writer: CommitWriter<WeixinCallback>
  /** One round of upkeep: accounts anew, and the spill file. */
  tend(): Promise<void>
  stop(): Promise<void>
}

/** What stands in the spill file: the document as it came, to be received again. */
const spilled = z.object({ corpId: z.int(), accountId: z.string(), receivedAt: z.iso.datetime(), body: z.string() })
type Spilled = z.output<typeof spilled>

const maxBatch = 500
/** Half of what the platform waits for an answer: there must be time left for the spill file. */
const storeLimitMs = 2_500
/** The last moment that is written with four digits of a year. */
const endOfTime = Date.UTC(9999, 11, 31)
const dayMs = 86_400_000
const keptDays = daysKept('weixin_callbacks') ?? Number.POSITIVE_INFINITY

export function createWeixinInbox(
  services: Pick<Services, 'db' | 'vault' | 'config' | 'log' | 'metrics'>,
  pid: number = process.pid,
): WeixinInbox {
  const { db, vault, metrics } = services
  const accounts = createRegister({
    load: () => calledAccounts(db, vault),
    nameOf: ({ corpid, appid }) => `${corpid}/${appid}`,
  })
  const writer = createDurableWriter<WeixinCallback, Spilled>(services, {
    ...{ folder: 'spill-weixin', pid, what: 'callbacks of WeChat accounts' },
    store: (callbacks) => keepCallbacks(db, callbacks),
    asLine: asSpilled,
    storeLines: (lines) => storeSpilled(db, lines),
    nameOf: (line) => ({ account: line.accountId }),
    onStored: (count) => metrics.callbacks.inc({ outcome: 'stored' }, count),
    onSpilled: (count) => metrics.callbacks.inc({ outcome: 'spilled' }, count),
    ...{ maxBatch, lingerMs: 1, storeLimitMs },
  })
  return {
    accounts,
    writer,
    async tend() {
      await accounts.refresh()
      await writer.tend()
    },
    stop: writer.drain,
  }
}

/** The callback as it is kept. */
export function toWeixinCallback(
  account: { readonly corpId: number; readonly id: string },
  { event, body }: { readonly event: WeixinEvent; readonly body: string },
  receivedAt: Date,
  receivedMs: number,
): WeixinCallback {
  return {
    corpId: account.corpId,
    accountId: account.id,
    key: callbackKey(account.id, event),
    kind: event.kind,
    openid: event.openId,
    createdAt: new Date(Math.min(event.createTime * 1000, endOfTime)),
    receivedAt,
    receivedMs,
    body,
  }
}

/** Told of longer ago than repeats are remembered: what comes then is an old body that somebody replays. */
export function isOldReplay({ kind, createdAt, receivedAt }: WeixinCallback): boolean {
  return kind !== 'unknown' && receivedAt.getTime() - createdAt.getTime() > (keptDays - 1) * dayMs
}

function asSpilled({ corpId, accountId, receivedAt, body }: WeixinCallback): Spilled {
  return { corpId, accountId, receivedAt: receivedAt.toISOString(), body }
}

async function storeSpilled(db: Database, lines: readonly Spilled[]): Promise<void> {
  const read = lines.map((line) => {
    const { corpId, accountId, receivedAt, body } = spilled.parse(line)
    const account = { corpId, id: accountId }
    return toWeixinCallback(account, { event: parseWeixinEvent(body), body }, new Date(receivedAt), performance.now())
  })
  const once = new Map(read.map((one) => [one.key.toString('latin1'), one]))
  await keepCallbacks(db, [...once.values()])
}
