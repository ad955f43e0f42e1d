import { z } from 'zod'
import type { OperationRun } from '../../infra/operations/operations.ts'
import type { Services } from '../../infra/services.ts'
import { type WeixinClients, weixinClients } from './account-clients.ts'
import { applyInfos } from './account-facts.ts'
import { findAccount } from './accounts.store.ts'
import { askAboutUnlisted } from './people.store.ts'

export const followersKind = 'weixin.followers'
const input = z.object({ accountId: z.string() })
/** Where the reading stands: the page that follows `next`, and how much of it is written. */
const point = z.object({
  next: z.string().default(''),
  offset: z.int().default(0),
  done: z.int().default(0),
  begunAt: z.iso.datetime(),
})
type Point = z.output<typeof point>

const infosAtOnce = 100

/** Call before operations are started. */
export function defineWeixinOperations(services: Services): void {
  const clients = weixinClients(services)
  services.operations.define(followersKind, (run) => readFollowers(services, clients, run))
}

/** Reads who follows an Official Account; at the first time, and whenever a person asks for it. */
export async function beginFollowers(
  { operations }: Pick<Services, 'operations'>,
  corpId: number,
  accountId: string,
  startedBy: string,
): Promise<string> {
  return operations.begin({ kind: followersKind, corpId, input: { accountId }, startedBy })
}

/**
 * One page of at most 10,000 openids is in memory at a time; a crash goes on from the last hundred that were written.
 * Followers of ours whom no page named are asked about one by one afterwards.
 */
export async function readFollowers(
  services: Services,
  clients: WeixinClients,
  run: OperationRun<unknown>,
): Promise<{ followers: number; unlisted: number }> {
  const { db, clock } = services
  const account = await findAccount(db, run.corpId, input.parse(run.input).accountId)
  if (account === undefined) throw new Error('the account is not connected any more')
  const client = await clients.of(account)
  const bulk = { priority: 'bulk' } as const
  let at: Point = point.safeParse(run.checkpoint).data ?? point.parse({ begunAt: clock.now().toISOString() })
  for (;;) {
    const page = await client.followers.list(at.next === '' ? {} : { next_openid: at.next }, bulk)
    const openids = page.data?.openid ?? []
    while (at.offset < openids.length) {
      const some = openids.slice(at.offset, at.offset + infosAtOnce)
      const readAt = clock.now()
      // a first sync and a burst of callbacks go first
      await services.pressure.calm()
      const answer = await client.followers.batchGet({ user_list: some.map((openid) => ({ openid })) }, bulk)
      await applyInfos(services, account, answer.user_info_list, readAt)
      at = { ...at, offset: at.offset + some.length, done: at.done + some.length }
      await run.progress({ done: at.done, total: page.total, checkpoint: at })
    }
    if (openids.length === 0 || page.next_openid === '') break
    at = { ...at, next: page.next_openid, offset: 0 }
  }
  const unlisted = await askAboutUnlisted(db, account.id, new Date(at.begunAt), new Date())
  return { followers: at.done, unlisted }
}
