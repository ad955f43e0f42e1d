import { createHash } from 'node:crypto'

/** What a code at the platform consists of, and what keeps it from being right. */

/** What we tell the platform of a code; everything in it can be changed later. */
export interface CodeWish {
  readonly users: readonly string[]
  readonly skipVerify: boolean
  /** Shown to nobody but administrators of the platform; the first 30 characters of the channel's name. */
  readonly remark: string
}

/** Equal wishes have equal hashes, whatever the order of the users. */
export function wishHash(wish: CodeWish): string {
  const plain = JSON.stringify([[...wish.users].sort(), wish.skipVerify, wish.remark])
  return createHash('sha256').update(plain).digest('base64url').slice(0, 22)
}

export function remarkOf(name: string, max = 30): string {
  return [...name].slice(0, max).join('')
}

/** The call that is being made for a code: enough to find out later whether it happened. */
export interface Calling {
  readonly key: string
  readonly kind: 'add' | 'update' | 'remove'
  readonly users: readonly string[]
  readonly hash: string
  readonly processId: number
  /** Machine time in ms. */
  readonly since: number
}

/** Deterministic: the same attempt for the same code can be claimed once only. */
export function codeEffectKey(kind: Calling['kind'], codeId: string, revision: number): string {
  return `code:${kind}:${codeId}:${revision}`
}

/** Stored with the code; put into words when it is read. */
export interface CodeProblem {
  readonly kind:
    | 'nobody'
    | 'platform'
    | 'not_sent'
    | 'unknown_outcome'
    | 'gone_there'
    | 'no_client'
    | 'all_refused'
    | 'quota'
  readonly at: string
  readonly errcode?: number
  readonly closed?: string
  readonly detail?: string
}

/** The platform refuses the members, not the call: somebody in it cannot be used. */
const memberErrcodes: ReadonlySet<number> = new Set([41054, 40003, 60111, 84074])

export function blamesMembers(errcode: number): boolean {
  return memberErrcodes.has(errcode)
}

/** The platform does not know the code (any more). */
export function saysGone(errcode: number): boolean {
  return errcode === 41043 || errcode === 41044
}

/** Machine seconds until the next attempt after so many failures. */
export function backOff(failures: number): number {
  return Math.min(600, 5 * 2 ** Math.min(failures, 7))
}
