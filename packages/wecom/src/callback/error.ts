/** Return codes of the official encryption library (page «加解密库下载与返回码»). */
export const callbackCodes = {
  signature: -40001,
  parse: -40002,
  sha1: -40003,
  aesKey: -40004,
  receiveId: -40005,
  encrypt: -40006,
  decrypt: -40007,
  buffer: -40008,
  encodeBase64: -40009,
  decodeBase64: -40010,
  generate: -40011,
} as const

export type CallbackCode = (typeof callbackCodes)[keyof typeof callbackCodes]

const official: Readonly<Record<CallbackCode, string>> = {
  [-40001]: 'signature does not match',
  [-40002]: 'XML cannot be parsed',
  [-40003]: 'signature cannot be computed',
  [-40004]: 'EncodingAESKey is not 43 letters and digits',
  [-40005]: 'ReceiveId is another one',
  [-40006]: 'encryption failed',
  [-40007]: 'decryption failed',
  [-40008]: 'decrypted content is malformed',
  [-40009]: 'base64 encoding failed',
  [-40010]: 'base64 decoding failed',
  [-40011]: 'XML cannot be written',
}

/** A callback that cannot be trusted or read. `code` is the official library's. Never holds a key or the content. */
export class CallbackError extends Error {
  override readonly name = 'CallbackError'
  readonly code: CallbackCode

  constructor(code: CallbackCode, detail?: string) {
    super(`${code} ${official[code]}${detail === undefined ? '' : `: ${detail}`}`)
    this.code = code
  }
}
