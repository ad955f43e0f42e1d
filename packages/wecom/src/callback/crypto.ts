import { isUtf8 } from 'node:buffer'
import {
  createCipheriv,
  createDecipheriv,
  createSecretKey,
  hash,
  type KeyObject,
  randomBytes,
  timingSafeEqual,
} from 'node:crypto'
import { CallbackError, callbackCodes } from './error.ts'

// Sizes of the format (D90968), not limits: random prefix, length field, padding block, cipher block.
const randomBytesCount = 16
const headBytes = randomBytesCount + 4
const paddingBlock = 32
const cipherBlock = 16

interface Key {
  readonly key: KeyObject
  readonly iv: Buffer
}

// A server has a handful of keys, and a prepared one makes decrypting three times faster (12 to 3 µs an event).
const keys = new Map<string, Key>()
const keysKept = 1000

function keyOf(aesKey: string): Key {
  const known = keys.get(aesKey)
  if (known !== undefined) return known
  if (!/^[A-Za-z0-9]{43}$/.test(aesKey)) throw new CallbackError(callbackCodes.aesKey)
  const secret = Buffer.from(`${aesKey}=`, 'base64')
  const made = { key: createSecretKey(secret), iv: secret.subarray(0, cipherBlock) }
  if (keys.size >= keysKept) keys.clear()
  keys.set(aesKey, made)
  return made
}

/** `msg_signature`: SHA-1, lower-case hex, of the four values joined in byte order (D90968). */
export function signature(token: string, timestamp: string, nonce: string, encrypted: string): string {
  return hash('sha1', [token, timestamp, nonce, encrypted].sort().join(''))
}

/** Compares in a time that does not depend on where the two differ. */
export function sameSignature(expected: string, given: string): boolean {
  const a = Buffer.from(expected)
  const b = Buffer.from(given)
  return a.length === b.length && timingSafeEqual(a, b)
}

/**
 * Encrypts a message for a receiver: base64 of AES-256-CBC of random, length, message and receiver, padded to 32.
 *
 * @param random 16 bytes; only tests give their own
 */
export function encrypt(
  aesKey: string,
  message: string,
  receiveId: string,
  random: Uint8Array = randomBytes(randomBytesCount),
): string {
  const { key, iv } = keyOf(aesKey)
  if (random.length !== randomBytesCount) throw new CallbackError(callbackCodes.encrypt, 'random is not 16 bytes')
  const body = Buffer.from(message)
  const receiver = Buffer.from(receiveId)
  const length = headBytes + body.length + receiver.length
  const padding = paddingBlock - (length % paddingBlock)
  const plain = Buffer.alloc(length + padding, padding)
  plain.set(random)
  plain.writeUInt32BE(body.length, randomBytesCount)
  plain.set(body, headBytes)
  plain.set(receiver, headBytes + body.length)
  const cipher = createCipheriv('aes-256-cbc', key, iv).setAutoPadding(false)
  return Buffer.concat([cipher.update(plain), cipher.final()]).toString('base64')
}

/** Decrypts a message and checks padding, length, text and receiver; throws CallbackError. */
export function decrypt(aesKey: string, encrypted: string, receiveId: string): string {
  const { key, iv } = keyOf(aesKey)
  const sealed = Buffer.from(encrypted, 'base64')
  // Node skips what is not base64, so that a wrong character or a cut end shows in the length.
  const padding = encrypted.endsWith('==') ? 2 : encrypted.endsWith('=') ? 1 : 0
  if (sealed.length === 0 || sealed.length !== (encrypted.length / 4) * 3 - padding) {
    throw new CallbackError(callbackCodes.decodeBase64)
  }
  if (sealed.length % cipherBlock !== 0) throw new CallbackError(callbackCodes.decrypt, 'not whole cipher blocks')
  const decipher = createDecipheriv('aes-256-cbc', key, iv).setAutoPadding(false)
  const plain = Buffer.concat([decipher.update(sealed), decipher.final()])

  const end = plain.length - paddingOf(plain)
  const messageEnd = end >= headBytes ? headBytes + plain.readUInt32BE(randomBytesCount) : Number.POSITIVE_INFINITY
  if (messageEnd > end) throw new CallbackError(callbackCodes.buffer, 'msg_len does not fit')
  if (plain.toString('utf8', messageEnd, end) !== receiveId) throw new CallbackError(callbackCodes.receiveId)
  const message = plain.subarray(headBytes, messageEnd)
  if (!isUtf8(message)) throw new CallbackError(callbackCodes.parse, 'the text is not UTF-8')
  return message.toString()
}

/** PKCS#7 padding to 32: its last byte counts it and all its bytes are that count. */
function paddingOf(plain: Buffer): number {
  const padding = plain[plain.length - 1] ?? 0
  const whole = plain.length % paddingBlock === 0 && padding >= 1 && padding <= paddingBlock
  if (!whole || plain.subarray(-padding).some((byte) => byte !== padding)) {
    throw new CallbackError(callbackCodes.buffer, 'wrong padding')
  }
  return padding
}
