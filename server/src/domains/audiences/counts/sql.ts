import { markOf } from '../rules/facts.ts'
import type { Rule } from '../rules/rule.schema.ts'
import { and, type Bits, bitsOf, readsOf, setKey, without } from './bits.ts'
import type { SetOf } from './sets.ts'

export interface Statement {
  readonly text: string
  readonly values: readonly unknown[]
}

/** Chunks of persons, the last not among them. */
export interface Span {
  readonly from: number
  readonly to: number
}

/** What is known beforehand: marks that nobody has (`absent`), and whom alone the answer must be right for. */
export interface Known {
  readonly absent?: ReadonlySet<string>
  readonly span?: Span
  /** Parts of 1,024 persons. */
  readonly parts?: readonly number[]
}

/** How many persons of a corp, or of some chunks of it, a rule holds, and of how many: `count`, `of`. */
export function countSql(rule: Rule, corpId: number, today: number, known: Omit<Known, 'parts'> = {}): Statement {
  const { statement, bits, changed } = prepare(rule, corpId, today, known)
  statement.text += `
select ((select coalesce(sum(bit_count(${bits})), 0) from b)
  + coalesce((select sum((${changed.after})::int - (${changed.before})::int) from ${changed.from}), 0))::bigint as count,
  ((select coalesce(sum(bit_count(b.k0)), 0) from b)
  + coalesce((select sum(${changed.person.after}::int - ${changed.person.before}::int) from ${changed.from}), 0))::bigint as of`
  return statement
}

/** The numbers of the persons whom a rule holds, in order, at most so many. */
export function membersSql(rule: Rule, corpId: number, today: number, limit?: number): Statement {
  const { statement, bits, changed } = prepare(rule, corpId, today)
  statement.text += `,
settled as (select (${changed.after}) as holds, c.person_no from ${changed.from}),
members as (
  select b.chunk * 65536 + n as person_no from b, lateral (select ${bits} as bits offset 0) held, generate_series(0, 65535) n
  where get_bit(held.bits, n) = 1
    and not exists (select from changed where changed.person_no = b.chunk * 65536 + n)
  union all select person_no from settled where holds)
select person_no from members order by person_no`
  if (limit !== undefined) {
    statement.values.push(limit)
    statement.text += ` limit $${statement.values.length}`
  }
  return statement
}

/** Of sampled parts of 1,024 persons: whom the rule holds, `held`, of how many, `persons`; and `of`: all persons. */
export function sampleSql(
  rule: Rule,
  corpId: number,
  today: number,
  known: Required<Pick<Known, 'parts' | 'absent'>>,
): Statement {
  const { statement, bits, changed } = prepare(rule, corpId, today, known)
  const { after, before, from, person } = changed
  const ofPart = (all: string) => `bit_count(substring(${all} from (part.no & 63) * 1024 + 1 for 1024))`
  statement.text += `,
turned as materialized (select c.person_no >> 10 as no, sum((${after})::int - (${before})::int) as held,
    sum(${person.after}::int - ${person.before}::int) as persons
  from ${from} group by 1)
select (${ofPart(bits)} + coalesce(turned.held, 0))::int as held, (${ofPart('b.k0')} + coalesce(turned.persons, 0))::int as persons,
  ((select sum(bit_count(k0)) from b) + coalesce((select sum(persons) from turned), 0))::bigint as of
from unnest($3::int[]) part(no) join b on b.chunk = part.no >> 6 left join turned on turned.no = part.no`
  return statement
}

interface Prepared {
  readonly statement: { text: string; values: unknown[] }
  /** The rule over a row of `b`, as bits. */
  readonly bits: string
  /** The rule for one person of `from`: with what changed since the bits were folded, and without. */
  readonly changed: {
    readonly from: string
    readonly before: string
    readonly after: string
    readonly person: { readonly before: string; readonly after: string }
  }
}

const zeros = `repeat('0', 65536)::varbit`

/**
 * `b`: one row a chunk, with the bits of every mark and set of the rule. `changed`: persons with a pending change of one of
 * these marks; their answer is taken out of the count and put in anew. With `parts`, sets of rows are only right for these.
 */
export function prepare(rule: Rule, corpId: number, today: number, { absent, span, parts }: Known = {}): Prepared {
  const asked = bitsOf(rule, today)
  const whole = and([{ key: markOf.person }, absent ? without(asked, absent) : asked])
  const read = readsOf(whole)
  const keys = [markOf.person, ...read.keys.filter((key) => key !== markOf.person)]
  const values: unknown[] = [corpId, keys, ...(parts ? [parts] : [])]
  const ofSpan = span ? ` and person_no >= ${span.from * 65_536} and person_no < ${span.to * 65_536}` : ''
  const setCtes = setsSql(read.sets, values, ofSpan, parts !== undefined)
  const columns = [
    ...keys.map(
      (_, index) => `coalesce((select bits from audience_bits
      where corp_id = $1 and key = ($2::text[])[${index + 1}] and chunk = c.chunk), zero.bits) | zero.bits as k${index}`,
    ),
    ...read.sets.map(
      (_, index) => `coalesce((select bits from r${index} where r${index}.chunk = c.chunk), zero.bits) as r${index}`,
    ),
  ]
  const text = `with ${[
    `chunks as materialized (select (next_no + 65535) >> 16 as chunks from audience_corps where corp_id = $1)`,
    ...setCtes,
    `b as materialized (select c.chunk, ${columns.join(',\n  ')}
  from (select ${zeros} as bits offset 0) zero, chunks, generate_series(${span?.from ?? 0}, ${span ? `least(${span.to}, chunks.chunks)` : 'chunks.chunks'} - 1) c(chunk))`,
    `changed as materialized (select person_no, ${keys
      .map((_, index) => `bool_or(present) filter (where key = ($2::text[])[${index + 1}]) as k${index}`)
      .join(', ')}
  from audience_changes where corp_id = $1 and key = any($2::text[])${ofSpan} group by person_no)`,
  ].join(',\n')}`
  const keyAt = new Map(keys.map((key, index) => [key, index]))
  const setAt = new Map(read.sets.map((set, index) => [setKey(set), index]))
  const bit = (column: string) => `get_bit(b.${column}, c.person_no & 65535) = 1`
  const before = (column: string) => `(${bit(column)})`
  const after = (column: string) => (column.startsWith('k') ? `coalesce(c.${column}, ${bit(column)})` : before(column))
  const column = (one: { key: string } | { set: SetOf }) =>
    'key' in one ? `k${keyAt.get(one.key)}` : `r${setAt.get(setKey(one.set))}`
  const single = (leaf: (column: string) => string) =>
    write(whole, { and: ' and ', or: ' or ', not: 'not ' }, (one) => leaf(column(one)))
  return {
    statement: { text, values },
    bits: write(whole, { and: ' & ', or: ' | ', not: '~' }, (one) => `b.${column(one)}`),
    changed: {
      from: 'changed c join b on b.chunk = c.person_no >> 16',
      before: single(before),
      after: single(after),
      person: { before: before('k0'), after: after('k0') },
    },
  }
}

type Reading = { key: string } | { set: SetOf }

function write(bits: Bits, signs: Record<'and' | 'or' | 'not', string>, leaf: (one: Reading) => string): string {
  if (bits === true) return 'true'
  // the whole is never more than its persons, so nothing is written as persons without themselves
  if (bits === false) return signs.and === ' and ' ? 'false' : '(b.k0 & ~b.k0)'
  if ('key' in bits || 'set' in bits) return leaf(bits)
  if ('not' in bits) return `${signs.not}(${write(bits.not, signs, leaf)})`
  const [parts, sign] = 'and' in bits ? [bits.and, signs.and] : [bits.or, signs.or]
  return `(${parts.map((part) => write(part, signs, leaf)).join(sign)})`
}

/** `r0`, `r1` …: the sets as bits. */
function setsSql(sets: readonly SetOf[], values: unknown[], ofSpan: string, sampled: boolean): readonly string[] {
  return sets.map((set, index) => {
    const { from } = set
    if (from === 'everyone')
      return `r${index} as materialized (select c.chunk, ~${zeros} as bits from (select $1::int as corp_id) corp, chunks,
  generate_series(0, chunks.chunks - 1) c(chunk) where ${numbered(set, values).where})`
    return `r${index} as materialized (${chunksOf(wordsOf({ ...set, from }, values, ofSpan, sampled))})`
  })
}

/** Where the rows of a set stand. */
const tables: Readonly<Record<Exclude<SetOf['from'], 'everyone'>, string>> = {
  relations: 'audience_relations',
  orders: 'audience_orders',
  lines: 'audience_lines',
  buyers: 'audience_buyers',
  behaviours: 'audience_behaviours',
  behaved: 'audience_behaved',
  rowsOfBehaved: `(select b.corp_id, b.name, b.day, b.person_no, b.times
    from (select distinct corp_id, person_no from audience_behaved) since join audience_behaviours b using (corp_id, person_no)
    union all select corp_id, name, day, person_no, times from audience_behaved) behaved`,
  bought: 'audience_bought',
  rowsOfBought: '(select b.* from audience_bought t join audience_buyers b using (corp_id, person_no)) bought',
}

function numbered(set: SetOf, values: unknown[]): { readonly where: string; readonly having: string } {
  let next = 0
  const number = (text: string) =>
    text.replace(/\$/g, () => {
      values.push(set.values[next])
      next += 1
      return `$${values.length}`
    })
  return { where: number(set.where), having: number(set.having) }
}

/** A set of persons as words of 64, which is what takes time. */
function wordsOf(
  set: SetOf & { readonly from: keyof typeof tables },
  values: unknown[],
  ofSpan: string,
  sampled: boolean,
): string {
  const { where, having } = numbered(set, values)
  const persons = (also: string) => {
    const conditions = ['corp_id = $1', where, also].filter((one) => one !== '').join(' and ')
    return `select person_no from ${tables[set.from]} where ${conditions}${ofSpan}${having && ` group by person_no having ${having}`}`
  }
  // of these an index knows the persons of a part, and each part is read by itself; of the others rows are sorted out
  const read =
    !sampled || set.ofFewDays
      ? persons('')
      : ['orders', 'buyers', 'behaviours'].includes(set.from)
        ? `select person_no from unnest($3::int[]) part(no),
          lateral (${persons('person_no >= part.no * 1024 and person_no < (part.no + 1) * 1024')} offset 0) own`
        : persons('person_no >> 10 = any($3::int[])')
  return `select person_no >> 6 as w, bit_or(1::bigint << (63 - (person_no & 63))) as word from (${read}) persons group by 1`
}

/**
 * Words put together to parts of 1,024 persons, and these to a chunk: a bit string is copied once for each of its parts and
 * not for each person. `by`: columns that stay apart.
 */
export function chunksOf(words: string, by = ''): string {
  const also = by && `${by}, `
  return `select ${also}part >> 6 as chunk, bit_or(overlay(none.bits placing parts.bits from (part & 63) * 1024 + 1)) as bits
  from (select ${also}w >> 4 as part, bit_or(overlay(little.bits placing word::bit(64) from (w & 15) * 64 + 1)) as bits
    from (${words}) words, (select repeat('0', 1024)::varbit as bits offset 0) little group by ${also}w >> 4) parts,
    (select ${zeros} as bits offset 0) none
  group by ${also}part >> 6`
}
