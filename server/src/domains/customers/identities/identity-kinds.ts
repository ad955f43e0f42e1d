import type { Said } from '../../../infra/errors.ts'

/** What the house and a brand know of kinds of identities. */
export type IdentityKinds = ReadonlyMap<string, { readonly strong: boolean; readonly exclusive: boolean }>

/** The kinds that every brand has. */
export const houseKinds: IdentityKinds = new Map([
  ['external_userid', { strong: true, exclusive: true }],
  ['unionid', { strong: true, exclusive: true }],
  ['member_no', { strong: true, exclusive: true }],
  // a number that its owner proved by a code or through WeChat, as a blind index
  ['phone', { strong: true, exclusive: false }],
  ['phone_typed', { strong: false, exclusive: false }],
  ['remark_mobile', { strong: false, exclusive: false }],
  ['email', { strong: false, exclusive: false }],
])

export interface DeclaredKind {
  readonly kind: string
  readonly strong: boolean
  readonly exclusive: boolean
}

/** The house's kinds and those that a brand declares; of the house's own it may make the e-mail strong. */
export function kindsWith(declared: readonly DeclaredKind[]): IdentityKinds {
  return new Map([
    ...houseKinds,
    ...declared
      .filter(({ kind }) => kind === 'email' || !houseKinds.has(kind))
      .map(({ kind, strong, exclusive }): [string, { strong: boolean; exclusive: boolean }] => [
        kind,
        { strong, exclusive: strong && exclusive },
      ]),
  ])
}

/** More kinds than this are a list of something else. */
export const mostKinds = 20

/** Why a brand cannot declare such a kind; undefined: it can. */
export function kindFault({ kind, strong, exclusive }: DeclaredKind): Said | undefined {
  if (kind.startsWith('openid') || (houseKinds.has(kind) && kind !== 'email'))
    return {
      zh: `「${kind}」是系统自带的身份种类，不能重新声明；只有邮箱可以改为可靠身份。`,
      en: `${kind} is a kind of the house and cannot be declared anew; only email can be made a strong one.`,
    }
  if (exclusive && !strong)
    return {
      zh: '线索类身份不会合并客户，不能设为「每人只有一个」。',
      en: 'A weak kind joins nobody: it cannot be one that a person has once.',
    }
  return undefined
}

export function isKnownKind(kinds: IdentityKinds, kind: string): boolean {
  return kinds.has(kind) || kind.startsWith('openid:')
}

export function isStrong(kinds: IdentityKinds, kind: string): boolean {
  return kind.startsWith('openid:') || (kinds.get(kind)?.strong ?? false)
}

export function isExclusive(kinds: IdentityKinds, kind: string): boolean {
  return kinds.get(kind)?.exclusive ?? false
}

/** What a hint of this kind is compared with: a number typed by hand with numbers that were proved, and with other typed ones. */
export function hintKind(kind: string): string {
  return kind === 'phone_typed' || kind === 'remark_mobile' ? 'phone' : kind
}

const order = ['external_userid', 'unionid', 'openid', 'member_no', 'phone']

/** Of several identities of a fact the first is the one that its home is taken from. */
export function kindRank(kinds: IdentityKinds, kind: string): number {
  const place = order.indexOf(kind.startsWith('openid:') ? 'openid' : kind)
  if (place >= 0) return place
  return isStrong(kinds, kind) ? order.length : order.length + 1
}

/** The order in which new identities are written, everywhere: who writes the same ones waits, and holds nothing back. */
export function byKindAndValue(
  a: { readonly kind: string; readonly value: string },
  b: { readonly kind: string; readonly value: string },
): number {
  return writeRank(a.kind) - writeRank(b.kind) || compare(a.kind, b.kind) || compare(a.value, b.value)
}

/** By code units, and not as some database or language sorts. */
export function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}

function writeRank(kind: string): number {
  return kind === 'external_userid' ? 0 : kind === 'unionid' ? 1 : 2
}
