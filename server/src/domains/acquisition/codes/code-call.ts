import {
  BudgetExhaustedError,
  CircuitOpenError,
  type Client,
  DeadlineError,
  InvalidRequestError,
  NetworkError,
  type Priority,
  UnexpectedAnswerError,
  UnknownOutcomeError,
  WecomError,
} from '@nuanyu/wecom'
import { systemClock } from '../../../infra/clock.ts'
import type { Database } from '../../../infra/db/database.ts'
import type { Effects } from '../../../infra/effects/effects.ts'
import type { Services } from '../../../infra/services.ts'
import { sendLink } from '../links/link-call.ts'
import { beginCalling, type CallSettlement, type CodeRow, endCalling } from './code.store.ts'
import {
  backOff,
  blamesMembers,
  type Calling,
  type CodeProblem,
  codeEffectKey,
  remarkOf,
  saysGone,
  wishHash,
} from './code.ts'

export interface CallTools {
  readonly db: Database
  readonly effects: Effects
  readonly processId: number
  /** Business time: what the platform and our records say when something was. */
  readonly now: () => Date
  /** Machine time, ms: the budget tells in it when room comes, and a call in flight is told apart by it. */
  readonly machineNow: () => number
  readonly client: Client
  readonly priority: Priority
}

export function callTools(
  { db, effects, processId, clock }: Pick<Services, 'db' | 'effects' | 'processId' | 'clock'>,
  client: Client,
  priority: Priority,
): CallTools {
  return {
    db,
    effects,
    processId,
    now: () => clock.now(),
    machineNow: () => systemClock.now().getTime(),
    client,
    priority,
  }
}

/** How one attempt ended. The row in `code` is the row after it. */
export type Attempt =
  | { readonly kind: 'passed'; readonly code: CodeRow }
  /** Some member in it cannot be used; the platform does not say who. */
  | { readonly kind: 'members'; readonly code: CodeRow; readonly errcode: number }
  | { readonly kind: 'failed'; readonly code: CodeRow; readonly problem: CodeProblem }
  /** Another process has the code. */
  | { readonly kind: 'taken' }

/** Tells the platform of one set of users: makes the code or changes it. Claimed before, settled after. */
export async function attempt(tools: CallTools, code: CodeRow, users: readonly string[]): Promise<Attempt> {
  const wish = { users, skipVerify: code.skipVerify, remark: remarkOf(code.channelName) }
  const kind = code.configId === null ? 'add' : 'update'
  const calling: Calling = {
    key: codeEffectKey(kind, code.id, code.revision),
    kind,
    users,
    hash: wishHash(wish),
    processId: tools.processId,
    since: tools.machineNow(),
  }
  if (!(await claim(tools, code, calling))) return { kind: 'taken' }
  try {
    const made = await send(tools, code, calling)
    const effective = { users, hash: calling.hash }
    await settle(
      tools,
      { codeId: code.id, key: calling.key, effective, ...(made && { made }), problem: null, retryAfter: 0 },
      'done',
    )
    return { kind: 'passed', code: after(code, { effectiveUsers: users, effectiveHash: calling.hash, ...made }) }
  } catch (error) {
    return failed(tools, code, calling, error)
  }
}

/** Takes a code of a deleted channel away from the platform. */
export async function removeCode(tools: CallTools, code: CodeRow): Promise<Attempt> {
  const calling: Calling = {
    key: codeEffectKey('remove', code.id, code.revision),
    kind: 'remove',
    users: [],
    hash: '',
    processId: tools.processId,
    since: tools.machineNow(),
  }
  if (!(await claim(tools, code, calling))) return { kind: 'taken' }
  const gone = () =>
    settle(tools, { codeId: code.id, key: calling.key, removed: true, problem: null, retryAfter: 0 }, 'done')
  try {
    if (code.configId !== null) await take(tools, code.kind, code.configId)
    await gone()
    return { kind: 'passed', code: after(code, {}) }
  } catch (error) {
    if (error instanceof WecomError && saysGone(error.errcode)) {
      await gone()
      return { kind: 'passed', code: after(code, {}) }
    }
    return failed(tools, code, calling, error)
  }
}

async function take(tools: CallTools, kind: CodeRow['kind'], id: string): Promise<void> {
  const { client, priority } = tools
  if (kind === 'link') await client.acquisitionLinks.remove({ link_id: id }, { priority })
  else await client.contactWays.remove({ config_id: id }, { priority })
}

function after(code: CodeRow, change: Partial<CodeRow>): CodeRow {
  return { ...code, ...change, revision: code.revision + 1, calling: null }
}

async function claim(tools: CallTools, code: CodeRow, calling: Calling): Promise<boolean> {
  return tools.db.transaction().execute(async (tx) => {
    if (!(await beginCalling(tx, code, calling))) return false
    const { key, kind, users } = calling
    const detail = { channel: code.channelId, config: code.configId, state: code.state, users }
    const ours = await tools.effects.claim(
      tx,
      [{ key, corpId: code.corpId, kind: `code.${kind}`, subject: code.id, detail }],
      tools.now(),
    )
    return ours.has(key)
  })
}

async function send(tools: CallTools, code: CodeRow, calling: Calling): Promise<CallSettlement['made']> {
  const { client, priority } = tools
  if (code.kind === 'link') return sendLink(client, priority, code, calling)
  const common = {
    user: [...calling.users],
    skip_verify: code.skipVerify,
    remark: remarkOf(code.channelName),
    state: code.state,
  }
  if (code.configId !== null) {
    await client.contactWays.update({ config_id: code.configId, ...common }, { priority })
    return undefined
  }
  // type 2 and scene 2 from birth: neither can be changed once the code is printed (D92228)
  const way = await client.contactWays.add(
    { type: 2, scene: 2, ...common, ...(code.exclusive ? { is_exclusive: true } : {}) },
    { priority },
  )
  return { configId: way.config_id, url: way.qr_code ?? null, content: null }
}

async function settle(
  tools: CallTools,
  settlement: CallSettlement,
  state: 'done' | 'refused' | 'unknown',
  errcode?: number,
): Promise<void> {
  await tools.db.transaction().execute(async (tx) => {
    await tools.effects.settle(
      tx,
      [{ key: settlement.key, state, errcode, detail: settlement.problem ?? {} }],
      tools.now(),
    )
    await endCalling(tx, settlement, tools.now())
  })
}

async function failed(tools: CallTools, code: CodeRow, calling: Calling, error: unknown): Promise<Attempt> {
  const at = tools.now().toISOString()
  const settled = async (problem: CodeProblem, retryAfter: number, errcode?: number): Promise<Attempt> => {
    await settle(tools, { codeId: code.id, key: calling.key, problem, retryAfter }, 'refused', errcode)
    return { kind: 'failed', code: after(code, { problem }), problem }
  }
  if (error instanceof WecomError || error instanceof InvalidRequestError) {
    const { errcode } = error
    if (blamesMembers(errcode) && calling.kind !== 'remove') {
      const problem: CodeProblem = { kind: 'all_refused', at, errcode }
      await settle(tools, { codeId: code.id, key: calling.key, problem, retryAfter: 0 }, 'refused', errcode)
      return { kind: 'members', code: after(code, { problem }), errcode }
    }
    const kind = saysGone(errcode) ? 'gone_there' : errcode === 41045 || errcode === 41095 ? 'quota' : 'platform'
    return settled({ kind, at, errcode }, backOff(5), errcode)
  }
  if (error instanceof UnknownOutcomeError || error instanceof UnexpectedAnswerError) {
    // stays in `calling`: the platform is read before anything else is tried
    await tools.effects.settle(
      tools.db,
      [{ key: calling.key, state: 'unknown', detail: { reason: error.message } }],
      tools.now(),
    )
    return { kind: 'failed', code: { ...after(code, {}), calling }, problem: { kind: 'unknown_outcome', at } }
  }
  if (error instanceof BudgetExhaustedError) {
    const wait = Math.max(1, (error.availableAt - tools.machineNow()) / 1000)
    return settled({ kind: 'not_sent', at, detail: error.message }, wait)
  }
  if (error instanceof NetworkError || error instanceof DeadlineError || error instanceof CircuitOpenError) {
    return settled({ kind: 'not_sent', at, detail: error.message }, error instanceof CircuitOpenError ? 60 : backOff(1))
  }
  throw error
}
