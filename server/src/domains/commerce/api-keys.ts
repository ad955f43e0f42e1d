import { createHash, randomBytes } from 'node:crypto'

/** So that a key is known for what it is wherever it is found, in a log or a repository. */
const begin = 'nyk_'
const prefixLength = begin.length + 6

export interface NewSecret {
  /** The whole key; it is shown once and stands nowhere. */
  readonly secret: string
  readonly hash: Buffer
  /** How it begins: enough to tell it from others, too little to guess the rest. */
  readonly prefix: string
}

export function newSecret(random: (size: number) => Buffer = randomBytes): NewSecret {
  const secret = begin + random(32).toString('base64url')
  return { secret, hash: hashOfSecret(secret), prefix: secret.slice(0, prefixLength) }
}

export function hashOfSecret(secret: string): Buffer {
  return createHash('sha256').update(secret).digest()
}

/** The key in an `Authorization` header; undefined when there is none or it cannot be one of ours. */
export function secretOf(header: string | undefined): string | undefined {
  const [, secret] = /^Bearer (nyk_[\w-]{20,100})$/i.exec(header?.trim() ?? '') ?? []
  return secret
}

/** How many requests of a minute a process takes at once: few enough that others get theirs. */
export function shareOf(perMinute: number): number {
  return Math.max(1, Math.floor(perMinute / 20))
}

const minuteMs = 60_000

export function minuteOf(at: Date): Date {
  return new Date(Math.floor(at.getTime() / minuteMs) * minuteMs)
}

export function secondsToNextMinute(at: Date): number {
  return Math.max(1, Math.ceil((minuteOf(at).getTime() + minuteMs - at.getTime()) / 1000))
}
