import { WecomError } from '@nuanyu/wecom'
import { isInTheWay } from '../../infra/db/again.ts'
import { isDatabaseAway } from '../../infra/db/away.ts'
import { createRounds, type Rounds } from '../../infra/rounds.ts'
import type { Services } from '../../infra/services.ts'
import { type WeixinClients, weixinClients } from './account-clients.ts'
import { applyInfos, handleWaiting, type RecordTouches, setAside } from './account-facts.ts'
import { allAccounts } from './accounts.store.ts'
import type { WeixinAccount } from './accounts.ts'
import { hasUnnamedTemplates, nameTemplates } from './consents.store.ts'
import type { DuePerson } from './people.store.ts'
import { noteInfoRead, takeDueInfo } from './people.store.ts'

const lookMs = 500
const callbacksAtOnce = 500
/** The platform answers for so many at once. */
const infosAtOnce = 100
const leaseMs = 60_000
const unknownOpenid = 40003
/** A template that the account does not show is looked for again after this. */
const templatesAgainMs = 3_600_000

/** Handles what WeChat accounts were called back with. Any number of processes may run it. */
export function createWeixinUpkeep(services: Services, recordTouches: RecordTouches): Rounds {
  const { db, log } = services
  const clients = weixinClients(services)
  const looked = new Set<string>()

  const pass = async (): Promise<void> => {
    await services.pressure.calm()
    for (const account of await allAccounts(db)) {
      if (rounds.isStopped()) return
      let handled = 0
      for (let some = 1; some > 0 && !rounds.isStopped(); handled += some)
        some = await handleSome({ ...services, recordTouches }, account, callbacksAtOnce)
      if (account.kind === 'official_account') await readInfos(services, clients, account, rounds.isStopped)
      // new templates come with callbacks; those of an earlier process are looked for at first
      if (handled > 0 || !looked.has(account.id)) await readTemplates(services, clients, account)
      looked.add(account.id)
    }
  }
  const rounds = createRounds({ everyMs: lookMs, pass, what: 'WeChat accounts', log })
  return rounds
}

/** One callback that cannot be handled holds up no other: smaller batches find it, and it is set aside with its document. */
async function handleSome(
  services: Services & { readonly recordTouches: RecordTouches },
  account: WeixinAccount,
  limit: number,
): Promise<number> {
  try {
    return await handleWaiting(services, account, limit)
  } catch (error) {
    if (isDatabaseAway(error) || isInTheWay(error)) throw error
    if (limit > 1) return handleSome(services, account, Math.ceil(limit / 8))
    services.log.error({ err: error, account: account.appid }, 'a callback could not be handled; it is kept as it came')
    return setAside(services, account)
  }
}

/** A platform that does not answer is asked again when the lease ends; callbacks are handled all the same. */
async function readInfos(
  services: Services,
  clients: WeixinClients,
  account: WeixinAccount,
  isStopped: () => boolean,
): Promise<void> {
  for (let more = true; more && !isStopped(); ) {
    const due = await takeDueInfo(services.db, account.id, infosAtOnce, new Date(), leaseMs)
    if (due.length === 0) return
    more = due.length === infosAtOnce
    try {
      await readSome(services, clients, account, due)
    } catch (error) {
      services.log.warn({ err: error, account: account.appid }, 'who follows was not read; it is tried again')
      return
    }
  }
}

async function readSome(
  services: Services,
  clients: WeixinClients,
  account: WeixinAccount,
  due: readonly DuePerson[],
): Promise<void> {
  const client = await clients.of(account)
  const readAt = services.clock.now()
  try {
    const answer = await client.followers.batchGet(
      { user_list: due.map(({ openid }) => ({ openid })) },
      { priority: 'normal' },
    )
    await applyInfos(services, account, answer.user_info_list, readAt)
  } catch (error) {
    if (!(error instanceof WecomError) || error.errcode !== unknownOpenid) throw error
    // one openid that is none refuses the whole list: halves find it, and it is asked about no more
    const [only] = due
    if (due.length === 1 && only !== undefined) {
      await services.db.transaction().execute((tx) => noteInfoRead(tx, account.id, [only.home], readAt))
      return
    }
    const middle = Math.ceil(due.length / 2)
    await readSome(services, clients, account, due.slice(0, middle))
    await readSome(services, clients, account, due.slice(middle))
  }
}

/** What templates are called that somebody was asked about; without an answer they are asked for in the next hour. */
async function readTemplates({ db, log }: Services, clients: WeixinClients, account: WeixinAccount): Promise<void> {
  const now = new Date()
  if (!(await hasUnnamedTemplates(db, account.id, new Date(now.getTime() - templatesAgainMs)))) return
  try {
    const { data } = await (await clients.of(account)).subscribeMessages.list({}, { priority: 'bulk' })
    await nameTemplates(db, account.id, new Map(data.map(({ priTmplId, title }) => [priTmplId, title])), now)
  } catch (error) {
    log.warn({ err: error, account: account.appid }, 'the names of templates were not read; they are asked for again')
    await nameTemplates(db, account.id, new Map(), now)
  }
}
