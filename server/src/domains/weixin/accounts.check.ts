import {
  CircuitOpenError,
  createWeixinClient,
  explainWeixin,
  memoryBudget,
  memoryTokenStore,
  WecomError,
} from '@nuanyu/wecom'
import { AppError, type Said } from '../../infra/errors.ts'
import type { Client } from './account-clients.ts'
import type { AccountKind } from './accounts.ts'

const timeoutMs = 8_000

/** Tries a secret before it is kept: one token, once, because repeats of a wrong one are counted. */
export async function checkSecret(given: { baseUrl: string; appid: string; secret: string }): Promise<void> {
  const client = createWeixinClient({
    baseUrl: given.baseUrl,
    appId: given.appid,
    appKey: 'check',
    secret: given.secret,
    tokens: memoryTokenStore(),
    budget: memoryBudget(),
    timeoutMs,
  })
  await client.auth
    .getStableToken({ grant_type: 'client_credential', appid: given.appid, secret: given.secret })
    .catch((cause: unknown) => {
      throw refusalOf(cause)
    })
}

export interface Test {
  readonly ok: boolean
  readonly said: Said
}

/** Reads one follower, and whether his unionid comes with him: without it nobody can be told to be the same person. */
export async function testAccount(kind: AccountKind, client: Client): Promise<Test> {
  try {
    if (kind === 'mini_program') {
      // a code that nobody gave: the platform refuses it only after appid and secret were right
      const errcode = await client.openSession('nuanyu-self-test').then(
        () => 0,
        (error: unknown) => {
          if (error instanceof WecomError) return error.errcode
          throw error
        },
      )
      if (errcode === 40029) return { ok: true, said: miniWorks }
      throw refusedWith(errcode, undefined)
    }
    const { total, data } = await client.followers.list({})
    const [openid] = data?.openid ?? []
    if (openid === undefined) return { ok: true, said: nobodyYet }
    const { unionid } = await client.followers.get({ openid })
    return unionid === undefined ? { ok: false, said: noUnionid } : { ok: true, said: resolved(total) }
  } catch (error) {
    return { ok: false, said: (error instanceof AppError ? error : refusalOf(error)).said }
  }
}

const miniWorks = {
  zh: '微信接受了 AppID 与 Secret；有人打开小程序并登录后即可认出他。',
  en: 'WeChat accepts the AppID and secret; whoever opens the mini program and logs in is recognised.',
}
const nobodyYet = {
  zh: '接口可用，但还没有人关注，暂时无法验证 unionid。',
  en: 'It works, but nobody follows yet, so the unionid cannot be checked.',
}
const noUnionid = {
  zh: '读到了粉丝，但没有 unionid：请把该账号与小程序绑定到同一个微信开放平台账号。',
  en: 'A follower was read, without a unionid: bind the account to the same open-platform account as the others.',
}
const resolved = (total: number) => ({
  zh: `已读到粉丝及其 unionid，共 ${total} 人关注。`,
  en: `A follower and his unionid were read; ${total} people follow.`,
})

function refusalOf(cause: unknown): AppError {
  const errcode =
    cause instanceof WecomError
      ? cause.errcode
      : cause instanceof CircuitOpenError
        ? Number(/^\d+/.exec(cause.reason)?.[0] ?? 40001)
        : undefined
  if (errcode !== undefined) return refusedWith(errcode, cause)
  return new AppError(
    'unavailable',
    { zh: '连不上微信接口，什么都没有保存。', en: 'WeChat cannot be reached; nothing was saved.' },
    { hint: { zh: '检查服务器出网和 DNS 后重试。', en: 'Check the server’s network and DNS, then try again.' }, cause },
  )
}

function refusedWith(errcode: number, cause: unknown): AppError {
  const known = explainWeixin(errcode)
  return new AppError(
    'platform',
    { zh: `微信不接受：${errcode} ${known.meaningZh}。`, en: `WeChat refuses: ${errcode} ${known.meaning}.` },
    { hint: { zh: known.remedyZh, en: known.remedy }, details: { errcode }, cause },
  )
}
