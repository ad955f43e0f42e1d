import { sealVerification } from '@nuanyu/wecom'
import { refuse } from '../admin/refusal.ts'
import type { CallbackConfig } from '../admin/schema.ts'
import type { Platform } from '../platform.ts'
import { hash } from '../random.ts'
import type { CorpApp } from '../world/apps.ts'
import type { Poster } from './post.ts'

/** Saves an app's callback address as the console does: only after it answered the verification right, within a second [90930]. */
export async function saveCallback(
  platform: Platform,
  poster: Poster,
  app: CorpApp,
  config: CallbackConfig,
): Promise<number> {
  const { world, clock, settings } = platform
  const seconds = Math.floor(clock.now() / 1000)
  const echo = String(hash(seconds, world.seed)) + String(hash(seconds, app.agentId))
  const query = sealVerification({
    token: config.token,
    aesKey: config.aesKey,
    receiveId: world.corpId,
    timestamp: String(seconds),
    nonce: String(hash(seconds, 0x40057)),
    echo,
  })
  const address = new URL(config.url)
  for (const [name, value] of Object.entries(query)) address.searchParams.set(name, value)
  const timeoutMs = settings.limits.value('callback.verify_timeout_s') * 1000
  const startedMs = performance.now()
  const answer = await poster.get(address.href, timeoutMs)
  const ms = performance.now() - startedMs
  const why =
    answer === undefined
      ? `no answer within ${timeoutMs} ms`
      : answer.status !== 200
        ? `it answered HTTP ${answer.status}`
        : answer.body === echo
          ? undefined
          : 'its body is not the decrypted echostr alone: no quotes, no line end'
  if (why !== undefined) {
    throw refuse(409, '40057', `callback URL verification failed: ${why}`, `openapi 回调地址请求不通过：${why}`)
  }
  app.callback = config
  return ms
}
