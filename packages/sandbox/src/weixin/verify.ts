import { sealWeixinVerification } from '@nuanyu/wecom'
import { refuse } from '../admin/refusal.ts'
import type { WeixinCallback } from '../admin/schema.weixin.ts'
import type { Poster } from '../callbacks/post.ts'
import { type Platform, seconds } from '../platform.ts'
import { hash } from '../random.ts'
import type { WeixinAccount } from './accounts.ts'

/** Saves an account's callback address as the console does: only after it answered the signed GET with its `echostr`. */
export async function saveWeixinCallback(
  platform: Platform,
  poster: Poster,
  account: WeixinAccount,
  config: WeixinCallback,
): Promise<number> {
  const timestamp = seconds(platform)
  const echo = String(hash(timestamp, platform.world.seed))
  const nonce = String(hash(timestamp, 0x0a))
  const address = new URL(config.url)
  const query = sealWeixinVerification({ token: config.token, timestamp, nonce, echo })
  for (const [name, value] of Object.entries(query)) address.searchParams.set(name, value)
  const timeoutMs = platform.settings.limits.value('oa.callback_timeout_s') * 1000
  const startedMs = performance.now()
  const answer = await poster.get(address.href, timeoutMs)
  const why =
    answer === undefined
      ? `no answer within ${timeoutMs} ms`
      : answer.status !== 200
        ? `it answered HTTP ${answer.status}`
        : answer.body.trim() === echo
          ? undefined
          : 'its body is not the echostr'
  if (why !== undefined)
    throw refuse(409, 'callback_unverified', `the address was not verified: ${why}`, `服务器配置校验失败：${why}`)
  account.callback = config
  return performance.now() - startedMs
}
