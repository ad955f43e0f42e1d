import type { Log } from '../../../infra/log.ts'
import { clearUnaddable, raiseUnaddable } from '../channels/channel-alarms.ts'
import { addableOf, type CodeRow, learnAddable, postpone } from './code.store.ts'
import { remarkOf, wishHash } from './code.ts'
import { type Attempt, attempt, type CallTools, removeCode } from './code-call.ts'
import { beginSearch, learn, nextTry } from './code-halving.ts'
import { markStale, planRechecks } from './code-look.store.ts'
import { resolveCall } from './code-resolve.ts'

const waitForMemberS = 60
const recheckAfterMs = 60 * 60_000

/** Makes the platform have what the code should be, in as few calls as possible; finds members who cannot be added. */
export async function bringUp(tools: CallTools, code: CodeRow, log: Log): Promise<void> {
  if (code.calling !== null) return resolveCall(tools, code)
  if (code.channelStatus === 'deleted') {
    await removeCode(tools, code)
    return
  }
  const known = await addableOf(tools.db, code.corpId, code.desiredUsers)
  // somebody may have been found meanwhile by the call of another code
  const users = code.desiredUsers.filter((user) => !known.bad.has(user))
  const hash = wishHash({ users, skipVerify: code.skipVerify, remark: remarkOf(code.channelName) })
  if (users.length === 0 && code.userid !== '') {
    // a landing page's code is his alone: it waits for him, and the page shows somebody else
    await postpone(tools.db, code.id, waitForMemberS)
    return
  }
  if (users.length === 0 || hash === code.effectiveHash) {
    // without him nothing is to be told: who should be behind the code is computed anew
    await markStale(tools.db, code.corpId, [code.channelId])
    return
  }
  const first = await attempt(tools, code, users)
  if (first.kind === 'passed') {
    await remember(tools, code, { good: users, bad: [], errcode: 0 })
    if (users.length < code.desiredUsers.length) await markStale(tools.db, code.corpId, [code.channelId])
    return
  }
  if (first.kind === 'members') await findBad(tools, first, users, known.good, log)
}

async function findBad(
  tools: CallTools,
  refused: Extract<Attempt, { kind: 'members' }>,
  users: readonly string[],
  knownGood: ReadonlySet<string>,
  log: Log,
): Promise<void> {
  let search = beginSearch(users, knownGood)
  let { code } = refused
  let standing: readonly string[] | undefined
  for (let members = nextTry(search); members !== undefined; members = nextTry(search)) {
    const outcome = await attempt(tools, code, members)
    if (outcome.kind === 'taken' || outcome.kind === 'failed') return
    code = outcome.code
    if (outcome.kind === 'passed') standing = members
    search = learn(search, outcome.kind === 'passed')
  }
  if (search.good.length > 0 && !same(standing, search.good)) {
    const last = await attempt(tools, code, search.good)
    // somebody believed good is not any more: forget the belief and search again at the next pass
    if (last.kind === 'members') search = { ...search, good: [] }
  }
  log.warn({ code: code.id, bad: search.bad, errcode: refused.errcode }, 'members who cannot be added were found')
  await remember(tools, code, { good: search.good, bad: search.bad, errcode: refused.errcode })
  await markStale(tools.db, code.corpId)
}

function same(a: readonly string[] | undefined, b: readonly string[]): boolean {
  return a !== undefined && a.length === b.length && [...a].sort().join() === [...b].sort().join()
}

async function remember(
  tools: CallTools,
  code: CodeRow,
  learnt: { good: readonly string[]; bad: readonly string[]; errcode: number },
): Promise<void> {
  await tools.db.transaction().execute(async (tx) => {
    const { good, bad, errcode } = learnt
    const { mended, broken } = await learnAddable(tx, code.corpId, { good, bad, reason: String(errcode) })
    const now = tools.now()
    await planRechecks(tx, code.corpId, bad, new Date(now.getTime() + recheckAfterMs))
    if (broken.length > 0) await raiseUnaddable(tx, code.corpId, broken, errcode, now)
    if (mended.length > 0) await clearUnaddable(tx, code.corpId, mended, now)
  })
}
