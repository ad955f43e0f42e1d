type Pinyin = typeof import('pinyin-pro')

let loading: Promise<Pinyin> | undefined

/** The same names come again and again: a person stands with several members, and is asked for on several ways. */
const knownAtMost = 20_000
const known = new Map<string, string>()

/** Names in pinyin, syllables apart by a blank; a surname is read as a surname. The dictionary is loaded at the first use. */
export async function pinyinOf(names: readonly string[]): Promise<(name: string) => string> {
  if (names.length === 0) return () => ''
  loading ??= import('pinyin-pro')
  const { pinyin } = await loading
  return (name) => {
    const read = known.get(name)
    if (read !== undefined) return read
    const made = pinyin(name, { toneType: 'none', type: 'array', surname: 'head', nonZh: 'consecutive', v: true })
      .join(' ')
      .toLowerCase()
      .replaceAll(/[^a-z0-9 ]+/g, ' ')
      .replaceAll(/ +/g, ' ')
      .trim()
    if (known.size >= knownAtMost) known.clear()
    known.set(name, made)
    return made
  }
}
