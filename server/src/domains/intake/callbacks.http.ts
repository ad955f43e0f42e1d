import type { IncomingMessage } from 'node:http'
import { CallbackError } from '@nuanyu/wecom'
import type { Context } from 'hono'
import { AppError, type Said } from '../../infra/errors.ts'
import { languageOf } from '../../infra/http/server.ts'
import type { Services } from '../../infra/services.ts'
import type { CommitWriter, Keyed } from './commit-writer.ts'

/** What every callback address does alike, of WeCom's apps and of WeChat's accounts: reading, refusing, answering. */

/** No callback of the platform comes near this; a larger one is refused before it is read whole. */
export const maxBytes = 1024 * 1024

/** A callback on its way to being durable. */
export interface Received extends Keyed {
  readonly kind: string
  /** Machine milliseconds (performance.now) at receipt. */
  readonly receivedMs: number
}

/** Stores a callback and notes how that went; false: it could not be made durable, so it must not be answered. */
export async function makeDurable<C extends Received>(
  { log, metrics }: Pick<Services, 'log' | 'metrics'>,
  { writer }: { readonly writer: CommitWriter<C> },
  callback: C,
): Promise<boolean> {
  try {
    const acceptance = await writer.accept(callback)
    if (acceptance === 'repeat') metrics.callbacks.inc({ outcome: 'repeat' })
    metrics.acknowledge.observe((performance.now() - callback.receivedMs) / 1000)
    return true
  } catch (error) {
    log.error(
      { err: error, kind: callback.kind },
      'a callback could not be made durable; its connection is closed unanswered',
    )
    metrics.callbacks.inc({ outcome: 'unanswered' })
    return false
  }
}

/** Opens what was sent; what does not pass its checks is counted and refused in words. `check` says which keys to compare. */
export function openOrRefuse<T>({ metrics }: Pick<Services, 'metrics'>, check: Said, open: () => T): T {
  try {
    return open()
  } catch (error) {
    if (!(error instanceof CallbackError)) throw error
    metrics.callbacks.inc({ outcome: 'refused' })
    throw new AppError(
      'invalid_request',
      { zh: `回调无法通过校验（${error.code}）。`, en: `The callback does not pass its checks (${error.code}).` },
      { hint: check, details: { code: error.code, reason: error.message }, cause: error },
    )
  }
}

/** Nobody of this address is connected. */
export function notConnected({ metrics }: Pick<Services, 'metrics'>, said: Said): AppError {
  metrics.callbacks.inc({ outcome: 'unknown_app' })
  return new AppError('not_found', said, {
    hint: { zh: '请在接入向导里核对回调地址。', en: 'Check the callback address in the connection guide.' },
  })
}

/** The answer of a callback address to any other method. */
export function getOrPostOnly(c: Context): Response {
  const error = new AppError('invalid_request', {
    zh: '回调地址只接受 GET（验证）和 POST（回调）。',
    en: 'A callback address takes GET (its check) and POST (callbacks) only.',
  })
  return c.json(error.body(languageOf(c.req.header('accept-language'))), 405, { allow: 'GET, POST' })
}

/** The connection is closed without an answer: the platform repeats what it could not deliver. */
export function closeUnanswered(c: Context): Response {
  incomingOf(c.env)?.socket.destroy()
  return c.body(null, 503)
}

/** The body of a callback, at most `maxBytes` of it. */
export async function readBody(c: Context): Promise<string> {
  const declared = Number(c.req.header('content-length') ?? 0)
  if (declared > maxBytes) throw tooLarge()
  if (declared > 0) return c.req.raw.text()
  // no declared length: count while reading
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of c.req.raw.body ?? []) {
    size += chunk.byteLength
    if (size > maxBytes) throw tooLarge()
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}

export function stale(): AppError {
  return new AppError(
    'invalid_request',
    {
      zh: '这条回调的发生时间太早，平台不会再重发它，已拒收。',
      en: 'This callback tells of something so long ago that the platform does not repeat it any more; it was refused.',
    },
    { details: { code: 'stale' } },
  )
}

function tooLarge(): AppError {
  return new AppError('too_large', { zh: '回调内容超过 1 MB。', en: 'The callback is larger than 1 MB.' })
}

function incomingOf(env: unknown): IncomingMessage | undefined {
  if (typeof env !== 'object' || env === null || !('incoming' in env)) return undefined
  return env.incoming as IncomingMessage
}
