import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type pg from 'pg'
import { from as copyFrom } from 'pg-copy-streams'
import { type CustomerStatus, cardOf, pinyinOf } from '../../server/src/domains/customers/index.ts'

export interface Population {
  readonly customers: number
  readonly staff: number
  readonly tags: number
  readonly channels: number
  /** Milliseconds since 1970: the last add. */
  readonly now: number
}

const surnames = [
  ...'王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢',
]
const given = [
  ...'伟芳娜秀英敏静丽强磊军洋勇艳杰娟涛明超霞平刚桂兰晨雨欣怡子轩浩宇梓涵诗雅思琪佳慧晓彤梦瑶嘉俊凯文博志远建国春梅雪',
]

/** One corp with so many customers, written by COPY; the search index is built afterwards. */
export async function populate(pool: pg.Pool, corpId: number, size: Population): Promise<void> {
  const client = await pool.connect()
  try {
    await client.query('drop index customer_cards_keys, customer_cards_recent')
    await copy(client, 'corp_tags (corp_id, tag_id, group_id, name, group_name, seen_at)', tagRows(corpId, size))
    await copy(
      client,
      'staff (corp_id, userid, name, follows, store_id, first_seen_at, seen_at)',
      staffRows(corpId, size),
    )
    await copy(
      client,
      'channels (id, corp_id, kind, name, state, code, strategy, created_by, created_at, updated_at)',
      channelRows(corpId, size),
    )
    await copy(client, 'customers (id, corp_id, name, name_pinyin, kind, created_at)', await customerRows(corpId, size))
    await copy(
      client,
      'relations (customer_id, corp_id, userid, external_userid, added_at, first_added_at, ended_at, ended_by, half_at, channel_id, remark, tag_ids)',
      relationRows(corpId, size),
    )
    await copy(
      client,
      'customer_cards (customer_id, corp_id, search, keys, userids, tag_ids, channel_ids, status, alive, last_added_at)',
      await cardRows(corpId, size),
    )
    await client.query(
      'create index customer_cards_recent on customer_cards (corp_id, last_added_at desc, customer_id desc)',
    )
    await client.query('create index customer_cards_keys on customer_cards using gin (keys)')
    for (const table of ['customer_cards', 'customers', 'relations', 'staff', 'corp_tags', 'channels'])
      await client.query(`vacuum analyze ${table}`)
  } finally {
    client.release()
  }
}

async function copy(client: pg.PoolClient, into: string, rows: Iterable<string>): Promise<void> {
  await pipeline(Readable.from(chunks(rows)), client.query(copyFrom(`copy ${into} from stdin`)))
}

function* chunks(rows: Iterable<string>): Generator<string> {
  let chunk = ''
  for (const row of rows) {
    chunk += `${row}\n`
    if (chunk.length < 64_000) continue
    yield chunk
    chunk = ''
  }
  yield chunk
}

/** The same person for the same number, whichever table asks. */
function personOf(n: number, size: Population) {
  const random = dice(n)
  const name = `${pick(surnames, random())}${pick(given, random())}${random() < 0.7 ? pick(given, random()) : ''}`
  const roll = random()
  const status: CustomerStatus = roll < 0.85 ? 'alive' : roll < 0.86 ? 'half' : roll < 0.96 ? 'lost' : 'ended'
  // the older, the fewer: a brand that grows
  const ageMs = random() ** 1.5 * 3 * 365 * 86_400_000
  return {
    name,
    status,
    addedAt: new Date(size.now - ageMs),
    userid: useridOf(Math.floor(random() * size.staff)),
    tagIds: [...new Set([skewed(random(), size.tags), skewed(random(), size.tags)])].map(tagIdOf),
    channelId: random() < 0.8 ? channelIdOf(skewed(random(), size.channels)) : undefined,
    remark: random() < 0.3 ? `${name}-${pick(['老客', '团购', '会员', '门店', '转介绍'], random())}` : '',
  }
}

export const useridOf = (n: number) => `staff${n}`
export const tagIdOf = (n: number) => `etTag${n}`
export const channelIdOf = (n: number) => `00000000-0000-7000-8000-${String(n).padStart(12, '0')}`
export const storeIdOf = (n: number) => `00000000-0000-7000-9000-${String(n).padStart(12, '0')}`
/** Some are everywhere, most are rare. */
const skewed = (share: number, of: number) => Math.floor(share ** 4 * of)

function* tagRows(corpId: number, { tags }: Population): Generator<string> {
  for (let n = 0; n < tags; n += 1) yield `${corpId}\t${tagIdOf(n)}\tetGroup\t标签${n}\t分组\t2026-01-01`
}
function* staffRows(corpId: number, { staff }: Population): Generator<string> {
  for (let n = 0; n < staff; n += 1)
    yield `${corpId}\t${useridOf(n)}\t员工${n}\tt\t${storeIdOf(n % 200)}\t2026-01-01\t2026-01-01`
}
function* channelRows(corpId: number, { channels }: Population): Generator<string> {
  for (let n = 0; n < channels; n += 1)
    yield `${channelIdOf(n)}\t${corpId}\tqr\t渠道${n}\tstate${n}\tcode00${n}\tplatform\tbench\t2026-01-01\t2026-01-01`
}
async function customerRows(corpId: number, size: Population): Promise<Iterable<string>> {
  const pinyin = await pinyinOf(['x'])
  return (function* () {
    for (let n = 1; n <= size.customers; n += 1) {
      const { name, addedAt } = personOf(n, size)
      yield `${n}\t${corpId}\t${name}\t${pinyin(name)}\t1\t${addedAt.toISOString()}`
    }
  })()
}
function* relationRows(corpId: number, size: Population): Generator<string> {
  for (let n = 1; n <= size.customers; n += 1) {
    const one = personOf(n, size)
    const at = one.addedAt.toISOString()
    const ended = one.status === 'lost' || one.status === 'ended'
    yield [
      ...[n, corpId, one.userid, `wmBench${n}`],
      ...(one.status === 'half' ? ['\\N', '\\N'] : [at, at]),
      ...[ended ? at : '\\N', one.status === 'lost' ? 'customer' : ended ? 'staff' : '\\N'],
      ...[one.status === 'half' ? at : '\\N', one.channelId ?? '\\N', one.remark, `{${one.tagIds.join(',')}}`],
    ].join('\t')
  }
}
async function cardRows(corpId: number, size: Population): Promise<Iterable<string>> {
  const pinyin = await pinyinOf(['x'])
  return (function* () {
    for (let n = 1; n <= size.customers; n += 1) {
      const one = personOf(n, size)
      const channelIds = one.channelId === undefined ? [] : [one.channelId]
      const card = cardOf({
        ...{ customerId: n, corpId, name: one.name, pinyin: pinyin(one.name), remarks: [one.remark].filter(Boolean) },
        ...{
          userids: [one.userid],
          tagIds: one.tagIds,
          channelIds,
          status: one.status,
          alive: 1,
          lastAddedAt: one.addedAt,
        },
      })
      yield [
        ...[n, corpId, card.search.replaceAll('\n', '\\n'), `{${card.keys.join(',')}}`, `{${one.userid}}`],
        ...[`{${one.tagIds.join(',')}}`, `{${channelIds.join(',')}}`, one.status, 1, one.addedAt.toISOString()],
      ].join('\t')
    }
  })()
}

const pick = <T>(from: readonly T[], share: number): T | '' => from[Math.floor(share * from.length)] ?? ''

/** mulberry32: the same numbers for the same seed. */
export function dice(seed: number): () => number {
  let state = (seed * 0x9e3779b9) | 0
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}

/** What somebody would type to find this customer. */
export const nameOf = (n: number, size: Population) => personOf(n, size).name
