import { randomBytes } from 'node:crypto'

/** Token of a callback address: letters and digits, at most 32. */
export function newCallbackToken(): string {
  return randomBytes(12).toString('hex')
}

/** EncodingAESKey: 43 letters and digits that decode to 32 bytes. */
export function newCallbackKey(): string {
  for (;;) {
    const key = randomBytes(32).toString('base64').slice(0, 43)
    if (/^[a-zA-Z0-9]{43}$/.test(key)) return key
  }
}
