import { createHash } from 'node:crypto'

/** One entry as it is stored and hashed; its JSON is canonical because the fields are written in this order. */
export interface AuditRecord {
  readonly corpId: number
  readonly seq: number
  readonly at: Date
  readonly accountId: string | null
  readonly accountName: string
  readonly role: string
  readonly action: string
  readonly outcome: 'done' | 'refused'
  readonly objectKind: string
  readonly objectId: string | null
  readonly summary: unknown
  readonly ip: string
  readonly userAgent: string
  readonly requestId: string
}

export interface ChainedRecord extends AuditRecord {
  readonly previous: Uint8Array
  readonly hash: Uint8Array
}

/** What the first entry of a chain has before it. */
export const chainStart: Uint8Array = Buffer.alloc(32)

/**
 * SHA-256 over the previous hash (32 bytes) followed by the UTF-8 JSON array of the entry's fields in the order below,
 * time in ISO 8601 with milliseconds, keys of `summary` sorted: simple enough to be checked by a few lines in any language.
 */
export function hashOf(record: AuditRecord, previous: Uint8Array): Buffer {
  const fields = [
    record.corpId,
    record.seq,
    record.at.toISOString(),
    record.accountId,
    record.accountName,
    record.role,
    record.action,
    record.outcome,
    record.objectKind,
    record.objectId,
    sorted(record.summary),
    record.ip,
    record.userAgent,
    record.requestId,
  ]
  return createHash('sha256').update(previous).update(JSON.stringify(fields)).digest()
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted)
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))
  return Object.fromEntries(entries.map(([key, inner]) => [key, sorted(inner)]))
}

export interface ChainEnd {
  readonly seq: number
  readonly hash: Uint8Array
}

export type ChainFault =
  /** The entry's fields do not give its hash: it was changed. */
  | { readonly kind: 'changed'; readonly seq: number }
  /** It does not name the entry before it: one was taken out, put in or exchanged. */
  | { readonly kind: 'broken'; readonly seq: number }
  /** The numbers jump: entries are missing before this one. */
  | { readonly kind: 'missing'; readonly seq: number }

/** Checks entries that follow `from` in order; the first fault, or where the chain now stands. */
export function follow(from: ChainEnd, records: readonly ChainedRecord[]): { end: ChainEnd; fault?: ChainFault } {
  let end = from
  for (const record of records) {
    if (record.seq !== end.seq + 1) return { end, fault: { kind: 'missing', seq: record.seq } }
    if (!equal(record.previous, end.hash)) return { end, fault: { kind: 'broken', seq: record.seq } }
    if (!equal(record.hash, hashOf(record, record.previous)))
      return { end, fault: { kind: 'changed', seq: record.seq } }
    end = { seq: record.seq, hash: record.hash }
  }
  return { end }
}

export function equal(one: Uint8Array, other: Uint8Array): boolean {
  return Buffer.from(one).equals(other)
}

const secretName = /secret|token|password|aes_?key|cookie|authorization|mobile|phone|telephone|id_?card|email/i
const phoneNumber = /(?<![0-9A-Za-z])(?:\+?86[- ]?)?1[3-9]\d{9}(?![0-9A-Za-z])/g

/** PostgreSQL stores no NUL and no half of a surrogate pair; a caller must not be able to fail an entry with one. */
export function storable(text: string): string {
  return text.toWellFormed().replaceAll('\0', '')
}

/** A summary without secrets and phone numbers, whatever a handler noted; long texts are cut. */
export function withoutSecrets(value: unknown, depth = 0): unknown {
  if (typeof value === 'string') {
    const text = storable(value).replace(phoneNumber, '[phone]')
    return text.length > 500 ? `${text.slice(0, 500)}…` : text
  }
  if (typeof value !== 'object' || value === null) return value
  if (value instanceof Date) return value.toISOString()
  if (depth > 5) return '[deeper]'
  if (Array.isArray(value)) return value.slice(0, 50).map((inner) => withoutSecrets(inner, depth + 1))
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, inner]) => inner !== undefined)
      .slice(0, 60)
      .map(([key, inner]) => [storable(key), secretName.test(key) ? '[redacted]' : withoutSecrets(inner, depth + 1)]),
  )
}
