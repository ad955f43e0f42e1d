import { setTimeout as sleep } from 'node:timers/promises'
import {
  BudgetExhaustedError,
  CircuitOpenError,
  DeadlineError,
  explain,
  NetworkError,
  UnexpectedAnswerError,
  WecomError,
} from '@nuanyu/wecom'
import { AppError } from '../../../infra/errors.ts'

/** The platform may be away for this long before a sync gives up. Machine time. */
const patienceMs = 15 * 60_000
const longestPauseMs = 15_000

/** Busy, or away: worth another try later. */
export function passes(error: unknown): boolean {
  if (error instanceof WecomError) return [-1, 45009, 45033, 45035].includes(error.errcode)
  return (
    error instanceof NetworkError ||
    error instanceof BudgetExhaustedError ||
    error instanceof DeadlineError ||
    error instanceof UnexpectedAnswerError
  )
}

/** Makes a call that is safe to repeat until the platform answers; `onWait` may throw to give up. */
export async function patiently<T>(call: () => Promise<T>, onWait: () => Promise<void>): Promise<T> {
  const began = performance.now()
  for (let tries = 0; ; tries += 1) {
    try {
      return await call()
    } catch (error) {
      if (!passes(error) || performance.now() - began > patienceMs) throw error
      await sleep(Math.min(500 * 2 ** tries, longestPauseMs))
      await onWait()
    }
  }
}

/** A failure of the platform in words for the person who waits for a job; anything else as it is. */
export function inWords(error: unknown): unknown {
  if (error instanceof WecomError) {
    const entry = explain(error.errcode)
    return new AppError(
      'platform',
      {
        zh: `企业微信拒绝了请求（${error.errcode}）：${entry.meaningZh}。${entry.remedyZh}`,
        en: `WeCom refused (${error.errcode}): ${entry.meaning}. ${entry.remedy}`,
      },
      { cause: error, details: { errcode: error.errcode } },
    )
  }
  if (error instanceof CircuitOpenError)
    return new AppError(
      'platform',
      {
        zh: '应用的 Secret 不对，已停止调用，以免企业微信封禁服务器 IP。请在「接入向导」里重新填写 Secret。',
        en: 'The app’s secret is wrong, so calls have stopped before WeCom bans this server. Enter it again in the connection guide.',
      },
      { cause: error },
    )
  if (passes(error))
    return new AppError(
      'platform',
      {
        zh: '企业微信 15 分钟没有回应，同步停在已读到的位置。网络恢复后请再点「立即同步」。',
        en: 'WeCom has not answered for 15 minutes; the sync stopped where it was. Start it again when the network is back.',
      },
      { cause: error },
    )
  return error
}
