import profile from '../limits/profile.json' with { type: 'json' }
import sources from '../limits/sources.json' with { type: 'json' }

/** Every platform number by name; `limits/profile.json` is the only file that holds one. */
export type LimitName = keyof typeof profile

/** A number's value as its declared kind: most are numbers, modes are strings, switches booleans. */
export type LimitValue<Name extends LimitName = LimitName> = (typeof profile)[Name]['value']

/** Names whose value is a number: what a length, a count or a duration may be bounded by. */
export type NumericLimit = { [Name in LimitName]: LimitValue<Name> extends number ? Name : never }[LimitName]

/**
 * How well a number is known. A: read in the official documentation; B: two or more independent texts agree;
 * C: one weak source or none, so it is a setting with a strict default.
 */
export type Grade = 'A' | 'B' | 'C'

export interface LimitEntry {
  readonly name: LimitName
  readonly value: number | string | boolean
  readonly unit: string
  /** `D<page>` of the official documentation, or the kind of text it was read in. */
  readonly source: string
  /** Date of the page, or of the reading where the page carries none. */
  readonly date: string
  readonly grade: Grade
  /** What the number is, in the two languages of the interface. */
  readonly note: { readonly en: string; readonly zh: string }
  /** Whether this corp's value differs from the default. */
  readonly overridden: boolean
}

/** A corp's differing values: its capacity was expanded, its administrator chose another mode. */
export type LimitOverrides = { readonly [Name in LimitName]?: LimitValue<Name> | undefined }

export interface LimitProfile {
  value<Name extends LimitName>(name: Name): LimitValue<Name>
  entry(name: LimitName): LimitEntry
  entries(): readonly LimitEntry[]
}

const names = Object.keys(profile) as LimitName[]
const grades: Record<string, Grade> = { A: 'A', B: 'B', C: 'C' }

/** Whether a string names a limit; for names that come from outside. */
export function isLimitName(name: string): name is LimitName {
  return Object.hasOwn(profile, name)
}

/**
 * The platform's limits as one corp sees them.
 *
 * @param overrides values that differ for this corp; a value of another kind than the default throws a TypeError
 */
export function limitProfile(overrides: LimitOverrides = {}): LimitProfile {
  const own = new Map<string, number | string | boolean>()
  for (const [name, value] of Object.entries(overrides)) {
    if (value === undefined) continue
    if (!isLimitName(name)) throw new TypeError(`There is no limit named ${name}`)
    const kind = typeof profile[name].value
    if (typeof value !== kind) throw new TypeError(`Limit ${name} is a ${kind}, not ${JSON.stringify(value)}`)
    own.set(name, value)
  }
  const entry = (name: LimitName): LimitEntry => {
    const { unit, source, date, grade, note, value } = profile[name]
    const overridden = own.has(name)
    return { name, value: own.get(name) ?? value, unit, source, date, grade: grades[grade] ?? 'C', note, overridden }
  }
  return {
    // The constructor checked that an override has the default's kind.
    value: <Name extends LimitName>(name: Name) => (own.get(name) ?? profile[name].value) as LimitValue<Name>,
    entry,
    entries: () => names.map(entry),
  }
}

/** The profile without any corp's overrides. */
export const defaultLimitProfile: LimitProfile = limitProfile()

/** Address of the official page a source names, or undefined when the number is in no official page. */
export function sourceUrl(source: string): string | undefined {
  const page = /^D(\d+)$/.exec(source)?.[1]
  if (page !== undefined) return `https://developer.work.weixin.qq.com/document/path/${page}`
  return /^developers\.weixin\.qq\.com\/[\w/.-]+\.html$/.test(source) ? `https://${source}` : undefined
}

/** What a source that is no official page is called, in Chinese; the profile names it in English. */
export function sourceNameZh(source: string): string | undefined {
  return Object.entries(sources).find(([name]) => name === source)?.[1]
}

let inForce: LimitProfile = defaultLimitProfile

/** The limits that schema checks are made against right now; see {@link underLimits}. */
export function limitInForce(name: NumericLimit): number {
  return Number(inForce.value(name))
}

/**
 * Runs a synchronous check under one corp's limits. Schemas are values made once, limits differ by corp:
 * so a schema names its limit and reads the number at the moment of the check.
 */
export function underLimits<Result>(limits: LimitProfile, check: () => Result): Result {
  const before = inForce
  inForce = limits
  try {
    return check()
  } finally {
    inForce = before
  }
}
