import { createHash } from 'node:crypto'
import { type Follower, parseWeixinEvent, type WeixinEvent, weixinEventKey } from '@nuanyu/wecom'
import type { Tx } from '../../infra/db/database.ts'
import { appendEvents } from '../../infra/events/events.store.ts'
import type { DomainEvent } from '../../infra/events/events.ts'
import type { Services } from '../../infra/services.ts'
import { feedHomes } from '../audiences/index.ts'
import { homesOfFacts } from '../commerce/index.ts'
import { openidKind, type WeixinAccount } from './accounts.ts'
import { noteHandled, takeWaiting } from './callbacks.store.ts'
import { writeConsents } from './consents.store.ts'
import { consentsOf, type ReportedTouch, touchesOfConsents, touchesOfTemplates } from './consents.ts'
import { domainEventOf, merged, standingOf, standingOfInfo } from './facts.ts'
import { noteInfoRead, writeStandings } from './people.store.ts'

type Needs = Pick<Services, 'db' | 'clock' | 'vault'>

/** Keeps what reached somebody in the ledger of touches, which another room has. */
export type RecordTouches = (tx: Tx, touches: readonly ReportedTouch[]) => Promise<unknown>

/** Told of whom: the moment that the evidence is of. */
interface Seen {
  readonly openid: string
  readonly unionid?: string | undefined
  readonly at: Date
}

/**
 * The home of each openid, made at once where nobody knew it; a unionid beside it is evidence that joins him with what
 * else is known of him, in any order.
 */
async function homesOf(
  tx: Tx,
  { clock, vault }: Pick<Needs, 'clock' | 'vault'>,
  account: WeixinAccount,
  told: string,
  seen: readonly Seen[],
): Promise<ReadonlyMap<string, number>> {
  const context = { corpId: account.corpId, vault, now: clock.now() }
  const kind = openidKind(account.appid)
  const alone = seen.map(({ openid, at }) => ({
    identities: [{ kind, value: openid }],
    told,
    reference: account.appid,
    at,
  }))
  const pairs = seen.flatMap(({ openid, unionid, at }) =>
    unionid === undefined
      ? []
      : [
          {
            identities: [
              { kind, value: openid },
              { kind: 'unionid', value: unionid },
            ],
            told,
            reference: account.appid,
            at,
          },
        ],
  )
  const homes = await homesOfFacts(tx, context, [...alone, ...pairs])
  return new Map(
    seen.map(({ openid }, place) => {
      const home = homes[place]
      if (home === undefined) throw new Error('an openid has no home')
      return [openid, home]
    }),
  )
}

function placed<T extends { readonly openid: string }>(facts: readonly T[], homes: ReadonlyMap<string, number>) {
  return facts.flatMap((one) => {
    const home = homes.get(one.openid)
    return home === undefined ? [] : [{ ...one, home }]
  })
}

/** Handles callbacks that wait, in one transaction; answers how many. */
export async function handleWaiting(
  services: Needs & { readonly recordTouches: RecordTouches },
  account: WeixinAccount,
  limit: number,
): Promise<number> {
  const { db, clock } = services
  return db.transaction().execute(async (tx) => {
    const waiting = await takeWaiting(tx, account.id, limit)
    if (waiting.length === 0) return 0
    const events = waiting.map(({ body }) => parseWeixinEvent(body))
    await applyEvents(tx, services, account, events)
    await noteHandled(
      tx,
      waiting.map(({ id }) => id),
      clock.now(),
    )
    return waiting.length
  })
}

/** Leaves the first that waits unhandled for good; answers how many there were. */
export async function setAside({ db, clock }: Needs, account: WeixinAccount): Promise<number> {
  return db.transaction().execute(async (tx) => {
    const [first] = await takeWaiting(tx, account.id, 1)
    if (first !== undefined) await noteHandled(tx, [first.id], clock.now())
    return first === undefined ? 0 : 1
  })
}

async function applyEvents(
  tx: Tx,
  services: Needs & { readonly recordTouches: RecordTouches },
  account: WeixinAccount,
  events: readonly WeixinEvent[],
): Promise<void> {
  const standings = merged(events.flatMap((event) => standingOf(event) ?? []))
  if (standings.length === 0) return
  const times = new Map<string, number>(events.map(({ openId, createTime }) => [openId, createTime * 1000]))
  const seen = standings.map(({ openid }) => ({ openid, at: new Date(times.get(openid) ?? 0) }))
  const homes = await homesOf(tx, services, account, sourceOf(account), seen)
  const of = { corpId: account.corpId, accountId: account.id, askable: account.kind === 'official_account' }
  await writeStandings(tx, of, placed(standings, homes), new Date())
  const consents = placed(events.flatMap(consentsOf), homes)
  await writeConsents(tx, of, consents)
  await services.recordTouches(tx, [
    ...touchesOfConsents(account.corpId, account.id, consents),
    ...touchesOfTemplates(account.corpId, account.id, events, homes),
  ])
  await appendEvents(
    tx,
    events.flatMap((event) => historyOf(account, event, homes) ?? []),
    services.clock.now(),
  )
}

function historyOf(
  account: WeixinAccount,
  event: WeixinEvent,
  homes: ReadonlyMap<string, number>,
): DomainEvent | undefined {
  const kind = domainEventOf(event)
  const customerId = homes.get(event.openId)
  if (kind === undefined || customerId === undefined) return undefined
  const standing = standingOf(event)
  const qrScene = standing?.qrScene ?? standing?.scannedScene
  return {
    kind,
    corpId: account.corpId,
    customerId,
    staffUserid: undefined,
    occurredAt: new Date(event.createTime * 1000),
    cause: `weixin:${account.appid}`,
    payload: { name: account.name, ...(qrScene === undefined ? {} : { qrScene }) },
    dedupeKey: createHash('sha256')
      .update(`oa event ${account.id} ${weixinEventKey(event)}`)
      .digest()
      .subarray(0, 16),
  }
}

function sourceOf({ kind }: WeixinAccount): 'oa' | 'mini_program' {
  return kind === 'official_account' ? 'oa' : 'mini_program'
}

/** Clocks differ: whoever follows in these last moments is not taken for gone. */
const skewMs = 5_000

/** What the platform answered about followers: who they are, and how they stand. */
export async function applyInfos(
  services: Needs,
  account: WeixinAccount,
  infos: readonly Follower[],
  readAt: Date,
): Promise<void> {
  if (infos.length === 0) return
  await services.db.transaction().execute(async (tx) => {
    const seen = infos.map(({ openid, unionid, subscribe_time }) => ({
      openid,
      unionid,
      at: subscribe_time === undefined ? readAt : new Date(subscribe_time * 1000),
    }))
    const homes = await homesOf(tx, services, account, 'oa', seen)
    const asOf = new Date(readAt.getTime() - skewMs)
    const standings = merged(infos.map((info) => standingOfInfo(info, asOf)))
    const of = { corpId: account.corpId, accountId: account.id, askable: true }
    await writeStandings(tx, of, placed(standings, homes), null)
    await noteInfoRead(tx, account.id, [...homes.values()], readAt)
    await feedHomes(tx, account.corpId, [...homes.values()])
  })
}

/** Somebody opened the brand's mini program. */
export async function applyVisit(
  services: Needs,
  account: WeixinAccount,
  { openid, unionid, at }: Seen,
): Promise<number> {
  return services.db.transaction().execute(async (tx) => {
    const homes = await homesOf(tx, services, account, 'mini_program', [{ openid, unionid, at }])
    const of = { corpId: account.corpId, accountId: account.id, askable: false }
    await writeStandings(tx, of, placed([{ openid, visitedAt: at }], homes), null)
    const home = homes.get(openid)
    if (home === undefined) throw new Error('a visitor has no home')
    await feedHomes(tx, account.corpId, [home])
    return home
  })
}
