/** The first Chinese character of each pinyin initial (no word begins with i, u or v). */
const BOUNDARIES: readonly (readonly [string, string])[] = [
  ['A', '阿'],
  ['B', '八'],
  ['C', '嚓'],
  ['D', '哒'],
  ['E', '妸'],
  ['F', '发'],
  ['G', '旮'],
  ['H', '哈'],
  ['J', '讥'],
  ['K', '咔'],
  ['L', '垃'],
  ['M', '妈'],
  ['N', '拿'],
  ['O', '噢'],
  ['P', '妑'],
  ['Q', '七'],
  ['R', '然'],
  ['S', '仨'],
  ['T', '他'],
  ['W', '哇'],
  ['X', '夕'],
  ['Y', '丫'],
  ['Z', '匝'],
]
/** The browser's own pinyin order saves a dictionary of 300 KB. */
const pinyin = new Intl.Collator('zh-Hans-u-co-pinyin')
const HAN = /^\p{Script=Han}/u

/** The heading under which WeChat lists a name: A–Z, else '#'. */
export function initialOf(name: string): string {
  const first = [...name.trim()][0] ?? ''
  if (/^[a-z]$/i.test(first)) return first.toUpperCase()
  if (!HAN.test(first)) return '#'
  let found = '#'
  for (const [letter, boundary] of BOUNDARIES) {
    if (pinyin.compare(first, boundary) < 0) break
    found = letter
  }
  return found
}

/** Groups by initial, '#' last, names in pinyin order inside. */
export function groupByInitial<T>(items: readonly T[], nameOf: (item: T) => string): { initial: string; items: T[] }[] {
  const groups = new Map<string, T[]>()
  for (const item of items) {
    const initial = initialOf(nameOf(item))
    groups.set(initial, [...(groups.get(initial) ?? []), item])
  }
  const rank = (initial: string) => (initial === '#' ? '~' : initial)
  return [...groups]
    .sort(([a], [b]) => (rank(a) < rank(b) ? -1 : 1))
    .map(([initial, members]) => ({ initial, items: members.sort((a, b) => pinyin.compare(nameOf(a), nameOf(b))) }))
}
