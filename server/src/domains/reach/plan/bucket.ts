import { createHash } from 'node:crypto'

/** Of 10,000 buckets each person stands in one, by a seed: the same at every look, and by another seed in another. */
export const buckets = 10_000

/** Everybody's holdout is drawn anew each quarter, in the corp's zone. */
export function globalSeed(corpId: number, day: string): bigint {
  const [year = '', month = '1'] = day.split('-')
  return seedOf(`corp:${corpId}:${year}Q${Math.ceil(Number(month) / 3)}`)
}

export function campaignSeed(campaignId: string): bigint {
  return seedOf(`campaign:${campaignId}`)
}

/** Never 0: PostgreSQL takes that for none. */
function seedOf(text: string): bigint {
  return createHash('sha256').update(text).digest().readBigInt64BE() | 1n
}

/**
 * The bucket of a person: `hashint8extended` of PostgreSQL (hashfn.c, Bob Jenkins's lookup3), its lower half modulo 10,000.
 * By it tables are split among partitions, so it does not change between versions. `bucketSql` says the same.
 */
export function bucketOf(seed: bigint, customerId: number): number {
  const value = BigInt.asIntN(64, BigInt(customerId))
  const high = Number(BigInt.asUintN(32, value >> 32n))
  const key = (Number(BigInt.asUintN(32, value)) ^ (value >= 0n ? high : ~high)) >>> 0
  const start = (0x9e3779b9 + 4 + 3923095) >>> 0
  let [a, b, c] = [start, start, start]
  ;[a, b, c] = mixed(a + Number(BigInt.asUintN(32, seed >> 32n)), b + Number(BigInt.asUintN(32, seed)), c)
  return settled(a + key, b, c) % buckets
}

const turned = (word: number, by: number) => (word << by) | (word >>> (32 - by))

function mixed(x: number, y: number, z: number): [number, number, number] {
  let [a, b, c] = [x | 0, y | 0, z | 0]
  a = ((a - c) | 0) ^ turned(c, 4)
  c = (c + b) | 0
  b = ((b - a) | 0) ^ turned(a, 6)
  a = (a + c) | 0
  c = ((c - b) | 0) ^ turned(b, 8)
  b = (b + a) | 0
  a = ((a - c) | 0) ^ turned(c, 16)
  c = (c + b) | 0
  b = ((b - a) | 0) ^ turned(a, 19)
  a = (a + c) | 0
  c = ((c - b) | 0) ^ turned(b, 4)
  b = (b + a) | 0
  return [a, b, c]
}

function settled(x: number, y: number, z: number): number {
  let [a, b, c] = [x | 0, y | 0, z | 0]
  c = ((c ^ b) - turned(b, 14)) | 0
  a = ((a ^ c) - turned(c, 11)) | 0
  b = ((b ^ a) - turned(a, 25)) | 0
  c = ((c ^ b) - turned(b, 16)) | 0
  a = ((a ^ c) - turned(c, 4)) | 0
  b = ((b ^ a) - turned(a, 14)) | 0
  c = ((c ^ b) - turned(b, 24)) | 0
  return c >>> 0
}
