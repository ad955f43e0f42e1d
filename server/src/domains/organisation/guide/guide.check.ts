import {
  AgentId,
  CircuitOpenError,
  createClient,
  explain,
  memoryBudget,
  memoryTokenStore,
  WecomError,
} from '@nuanyu/wecom'
import { AppError } from '../../../infra/errors.ts'
import type { AppKind } from '../corps.ts'

export interface SecretToCheck {
  readonly baseUrl: string
  readonly corpid: string
  readonly secret: string
  readonly kind: AppKind
  readonly agentId: number | undefined
}

/**
 * Tries a secret before it is kept: one gettoken, and for an app its own settings, which say its name. Throws in words
 * when the platform refuses: a wrong secret is tried once, because repeats ban the IP.
 */
export async function checkSecret({
  baseUrl,
  corpid,
  secret,
  kind,
  agentId,
}: SecretToCheck): Promise<{ name: string }> {
  const client = createClient({
    baseUrl,
    corpId: corpid,
    appKey: 'check',
    secret,
    tokens: memoryTokenStore(),
    budget: memoryBudget(),
    timeoutMs: 8_000,
  })
  try {
    if (kind === 'contacts-sync') {
      await client.contacts.listUserIds({ limit: 1 })
      return { name: '通讯录同步' }
    }
    const { name } = await client.agents.get({ agentid: AgentId.parse(agentId) })
    return { name }
  } catch (error) {
    throw refusal(error)
  }
}

function refusal(error: unknown): AppError {
  const errcode =
    error instanceof WecomError
      ? error.errcode
      : error instanceof CircuitOpenError
        ? Number(/^\d+/.exec(error.reason)?.[0] ?? 40001)
        : undefined
  if (errcode === undefined)
    return new AppError(
      'unavailable',
      { zh: '连不上企业微信，什么都没有保存。', en: 'WeCom cannot be reached; nothing was saved.' },
      {
        hint: { zh: '检查服务器出网和 DNS 后重试。', en: 'Check the server’s network and DNS, then try again.' },
        cause: error,
      },
    )
  const known = explain(errcode)
  return new AppError(
    'platform',
    {
      zh: `企业微信不接受：${errcode} ${known.meaningZh}。什么都没有保存。`,
      en: `WeCom refuses: ${errcode} ${known.meaning}. Nothing was saved.`,
    },
    { hint: { zh: known.remedyZh, en: known.remedy }, details: { errcode }, cause: error },
  )
}
