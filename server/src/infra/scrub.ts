/** Names under which a secret or personal data stands, as part of a longer name too (`appSecret`, `x-csrf-token`). */
const names =
  'secret|token|passw(?:or)?d|aes_?key|encoding_?aes|api_?key|private_?key|authori[sz]ation|cookie|mobile|phone|id_?card|e_?mail|ticket'
const secretName = new RegExp(names, 'i')
/** What a line must have for anything to be in it to hide; most lines have none of it. */
const suspicious = new RegExp(String.raw`${names}|bearer|basic|1[- ]?[3-9]\d`, 'i')

/** `"token": "…"`, `access_token=…`, `secret: …` in running text. */
const named = new RegExp(
  String.raw`([\w.-]*(?:${names})[\w.-]*(?:\\*["'])?\s*[=:：]\s*(?:\\*["'])?)[^&\s"'\\)\]},;]+`,
  'gi',
)
const bearer = /\b(bearer|basic)\s+[\w.~+/=-]{8,}/gi
const phone = /(?<![0-9A-Za-z_.-])((?:\+?86[- ]?)?1[3-9]\d)[- ]?\d{4}[- ]?(\d{4})(?![0-9A-Za-z_])/g

/** A line of the log (one JSON object) without secrets and phone numbers, at any depth and in any text. */
export function scrub(line: string): string {
  if (!suspicious.test(line)) return line
  return `${JSON.stringify(cleaned(JSON.parse(line)))}\n`
}

function cleaned(value: unknown): unknown {
  if (typeof value === 'string') return cleanedText(value)
  if (typeof value === 'number') return cleanedNumber(value)
  if (Array.isArray(value)) return cleanedList(value)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [cleanedText(key), hides(key, inner) ? '[redacted]' : cleaned(inner)]),
  )
}

function cleanedNumber(value: number): number | string {
  const shown = String(value)
  const kept = cleanedText(shown)
  return kept === shown ? value : kept
}

/** Headers come as pairs too: `['authorization', '…']`. */
function cleanedList(list: readonly unknown[]): unknown[] {
  const [key, inner] = list
  if (list.length === 2 && typeof key === 'string' && hides(key, inner)) return [key, '[redacted]']
  return list.map(cleaned)
}

/** Whether something is there or not (`hasSecret: true`) is no secret. */
function hides(key: string, value: unknown): boolean {
  return secretName.test(key) && value !== null && typeof value !== 'boolean'
}

function cleanedText(text: string): string {
  const inner = jsonIn(text)
  if (inner !== undefined) return JSON.stringify(cleaned(inner))
  return text.replace(named, '$1[redacted]').replace(bearer, '$1 [redacted]').replace(phone, '$1****$2')
}

/** A body that was logged as text. */
function jsonIn(text: string): unknown {
  if (!/^\s*["{[]/.test(text)) return undefined
  try {
    return JSON.parse(text)
  } catch {
    // text that only begins like JSON is scrubbed as text
    return undefined
  }
}
