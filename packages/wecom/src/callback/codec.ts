import { randomBytes } from 'node:crypto'
import { decrypt, encrypt, sameSignature, signature } from './crypto.ts'
import { CallbackError, callbackCodes } from './error.ts'
import { formatEvent } from './event.ts'
import type { WecomEvent } from './events/index.ts'
import { cdata } from './fields.ts'
import { parseXml, textOf } from './xml.ts'

/** What the platform's console shows for one app's callback, and for whom the messages are (the corp id). */
export interface CallbackKeys {
  readonly token: string
  readonly aesKey: string
  readonly receiveId: string
}

/** The query of a callback; a missing part counts as a wrong signature. */
export interface CallbackQuery {
  readonly msg_signature?: string | undefined
  readonly timestamp?: string | number | undefined
  readonly nonce?: string | undefined
}

export interface SealedQuery {
  readonly msg_signature: string
  readonly timestamp: string
  readonly nonce: string
}

interface Stamp {
  /** Seconds since 1970. */
  readonly timestamp: number | string
  readonly nonce: string
  /** Only for tests: the 16 bytes that make the ciphertext differ each time. */
  readonly random?: Uint8Array | undefined
}

export interface SealOptions extends CallbackKeys, Stamp {
  readonly agentId?: number | string | undefined
}

/** A body larger than this is refused before anything is parsed; events are below 10 KB. */
export const defaultMaxBodyBytes = 1024 * 1024

/**
 * Encrypts and signs a callback as the platform does (D90968); `xml` or the `event` to be written.
 *
 * @returns query and body of the POST
 */
export function sealCallback(options: SealOptions & ({ readonly xml: string } | { readonly event: WecomEvent })): {
  query: SealedQuery
  body: string
} {
  const xml = 'xml' in options ? options.xml : formatEvent(options.event)
  const encrypted = encrypt(options.aesKey, xml, options.receiveId, options.random ?? randomBytes(16))
  const query = sign(options, encrypted)
  const agent = options.agentId === undefined ? '' : `<AgentID>${cdata(String(options.agentId))}</AgentID>`
  const body = `<xml><ToUserName>${cdata(options.receiveId)}</ToUserName>${agent}<Encrypt>${cdata(encrypted)}</Encrypt></xml>`
  return { query, body }
}

/**
 * Checks and decrypts the body of a callback POST.
 *
 * @throws CallbackError -40001 signature, -40002 body too large or not XML, -40004 key, -40005 another receiver,
 *   -40007/-40008 content, -40010 base64
 */
export function openCallback(
  options: CallbackKeys & {
    readonly query: CallbackQuery
    readonly body: string | Uint8Array
    readonly maxBytes?: number | undefined
  },
): { xml: string } {
  const max = options.maxBytes ?? defaultMaxBodyBytes
  const { body } = options
  if (body.length > max) throw new CallbackError(callbackCodes.parse, `the body is larger than ${max} bytes`)
  const encrypted = textOf(parseXml(typeof body === 'string' ? body : utf8(body), false), 'Encrypt')
  if (encrypted === undefined || encrypted === '') throw new CallbackError(callbackCodes.parse, 'no Encrypt')
  verify(options.token, options.query, encrypted)
  return { xml: decrypt(options.aesKey, encrypted, options.receiveId) }
}

/** Checks and decrypts the GET with which the platform verifies an address; answer the result as it is within 1 s. */
export function openVerification(
  options: CallbackKeys & { readonly query: CallbackQuery & { readonly echostr?: string | undefined } },
): string {
  const encrypted = options.query.echostr ?? ''
  verify(options.token, options.query, encrypted)
  return decrypt(options.aesKey, encrypted, options.receiveId)
}

/** The query with which the platform verifies an address; the right answer is `echo`. */
export function sealVerification(
  options: CallbackKeys & Stamp & { readonly echo: string },
): SealedQuery & { readonly echostr: string } {
  const echostr = encrypt(options.aesKey, options.echo, options.receiveId, options.random ?? randomBytes(16))
  return { ...sign(options, echostr), echostr }
}

/** The encrypted body of a passive reply (D90930); most callbacks want an empty one instead. */
export function sealReply(options: CallbackKeys & Stamp & { readonly xml: string }): string {
  const encrypted = encrypt(options.aesKey, options.xml, options.receiveId, options.random ?? randomBytes(16))
  const { msg_signature, timestamp, nonce } = sign(options, encrypted)
  return (
    `<xml><Encrypt>${cdata(encrypted)}</Encrypt><MsgSignature>${cdata(msg_signature)}</MsgSignature>` +
    `<TimeStamp>${timestamp}</TimeStamp><Nonce>${cdata(nonce)}</Nonce></xml>`
  )
}

/**
 * Checks and decrypts the encrypted body with which a callback was answered: the other side of `sealReply`.
 *
 * @throws CallbackError as `openCallback`
 */
export function openReply(keys: CallbackKeys, body: string): { xml: string } {
  const sealed = parseXml(body, true)
  const query = {
    msg_signature: textOf(sealed, 'MsgSignature'),
    timestamp: textOf(sealed, 'TimeStamp'),
    nonce: textOf(sealed, 'Nonce'),
  }
  return openCallback({ ...keys, query, body })
}

function sign(options: CallbackKeys & Stamp, encrypted: string): SealedQuery {
  const timestamp = String(options.timestamp)
  const { token, nonce } = options
  return { msg_signature: signature(token, timestamp, nonce, encrypted), timestamp, nonce }
}

function verify(token: string, query: CallbackQuery, encrypted: string): void {
  const { msg_signature, timestamp, nonce } = query
  const complete = msg_signature !== undefined && timestamp !== undefined && nonce !== undefined
  if (!complete || !sameSignature(signature(token, String(timestamp), nonce, encrypted), msg_signature)) {
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
