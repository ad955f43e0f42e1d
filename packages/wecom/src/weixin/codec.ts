import { hash } from 'node:crypto'
import { type CallbackQuery, defaultMaxBodyBytes, openCallback, sealCallback } from '../callback/codec.ts'
import { sameSignature } from '../callback/crypto.ts'
import { CallbackError, callbackCodes } from '../callback/error.ts'
import { parseXml } from '../callback/xml.ts'

/** What the console of an Official Account or mini program shows for its callback. */
export interface WeixinCallbackKeys {
  readonly token: string
  /** Of the safe mode; without it messages come in plain text. */
  readonly aesKey?: string | undefined
  readonly appId: string
}

export interface WeixinCallbackQuery extends CallbackQuery {
  readonly signature?: string | undefined
  readonly encrypt_type?: string | undefined
}

/** `signature` of the plain mode and of the verification: SHA-1 of the three values in byte order, joined. */
export function weixinSignature(token: string, timestamp: string, nonce: string): string {
  return hash('sha1', [token, timestamp, nonce].sort().join(''))
}

/** Checks the GET by which the platform verifies an address; answer the result as it is. Throws CallbackError -40001. */
export function openWeixinVerification(
  options: Pick<WeixinCallbackKeys, 'token'> & { readonly query: WeixinCallbackQuery & { readonly echostr?: string } },
): string {
  verify(options.token, options.query)
  return options.query.echostr ?? ''
}

/** The query of that GET; the right answer is `echo` itself. */
export function sealWeixinVerification(options: {
  readonly token: string
  readonly timestamp: number | string
  readonly nonce: string
  readonly echo: string
}): { readonly signature: string; readonly timestamp: string; readonly nonce: string; readonly echostr: string } {
  const timestamp = String(options.timestamp)
  const { token, nonce, echo } = options
  return { signature: weixinSignature(token, timestamp, nonce), timestamp, nonce, echostr: echo }
}

/**
 * Checks a callback POST and gives its XML: decrypted in safe mode, as it is in plain mode. An account that has a key
 * takes encrypted bodies only, so that nobody can choose the weaker mode for it.
 *
 * @throws CallbackError as `openCallback`
 */
export function openWeixinCallback(
  options: WeixinCallbackKeys & {
    readonly query: WeixinCallbackQuery
    readonly body: string | Uint8Array
    readonly maxBytes?: number | undefined
  },
): { xml: string } {
  const { token, aesKey, appId, query, body } = options
  const maxBytes = options.maxBytes ?? defaultMaxBodyBytes
  if (aesKey !== undefined) return openCallback({ token, aesKey, receiveId: appId, query, body, maxBytes })
  if (body.length > maxBytes) throw new CallbackError(callbackCodes.parse, `the body is larger than ${maxBytes} bytes`)
  verify(token, query)
  const xml = typeof body === 'string' ? body : utf8(body)
  parseXml(xml, true)
  return { xml }
}

/** Writes a callback as the platform does: in safe mode when there is a key, else in plain mode. */
export function sealWeixinCallback(
  options: WeixinCallbackKeys & {
    readonly xml: string
    readonly openId: string
    readonly timestamp: number | string
    readonly nonce: string
    /** Only for tests: 16 bytes. */
    readonly random?: Uint8Array | undefined
  },
): { query: Readonly<Record<string, string>>; body: string } {
  const { token, aesKey, appId, xml, nonce, openId, random } = options
  const timestamp = String(options.timestamp)
  const plain = { signature: weixinSignature(token, timestamp, nonce), timestamp, nonce, openid: openId }
  if (aesKey === undefined) return { query: plain, body: xml }
  const sealed = sealCallback({ token, aesKey, receiveId: appId, xml, timestamp, nonce, random })
  return {
    query: { ...plain, encrypt_type: 'aes', msg_signature: sealed.query.msg_signature },
    body: sealed.body,
  }
}

function verify(token: string, { signature, timestamp, nonce }: WeixinCallbackQuery): void {
  const complete = signature !== undefined && timestamp !== undefined && nonce !== undefined
  if (!complete || !sameSignature(weixinSignature(token, String(timestamp), nonce), signature)) {
    throw new CallbackError(callbackCodes.signature)
  }
}

const strict = new TextDecoder('utf-8', { fatal: true })

function utf8(body: Uint8Array): string {
  try {
    return strict.decode(body)
  } catch {
    throw new CallbackError(callbackCodes.parse, 'the body is not UTF-8')
  }
}
