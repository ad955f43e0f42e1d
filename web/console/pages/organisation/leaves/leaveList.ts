import { corpTimeZone } from '#shared/format/time.ts'

export interface LeaveRow {
  userid: string
  from: string
  until: string
  note: string
}

const wall = /^(\d{4})[-/](\d{1,2})[-/](\d{1,2})(?:[ T](\d{1,2}):(\d{2}))?$/

/** A wall-clock time in the corp's zone as a moment; undefined: it is none. A day alone is its beginning. */
export function momentOfWall(text: string): string | undefined {
  const found = wall.exec(text.trim())
  if (found === null) return undefined
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0] = found.slice(1).map((part) => Number(part ?? 0))
  const asUtc = Date.UTC(year, month - 1, day, hour, minute)
  const at = new Date(asUtc)
  if (at.getUTCMonth() !== month - 1 || at.getUTCDate() !== day || hour > 23 || minute > 59) return undefined
  // what the zone's clock shows at that moment differs from it by the zone's offset
  const shown = Date.parse(`${at.toLocaleString('sv-SE', { timeZone: corpTimeZone }).replace(' ', 'T')}Z`)
  return new Date(asUtc - (shown - asUtc)).toISOString()
}

/** A moment as the wall clock of the corp shows it, for a browser's input. */
export function wallOf(moment: string): string {
  return new Date(moment).toLocaleString('sv-SE', { timeZone: corpTimeZone }).slice(0, 16).replace(' ', 'T')
}

/** Lines «userid,from,until,note»; answers the number of a line that is none. */
export function readLeaves(text: string): LeaveRow[] | number {
  const rows: LeaveRow[] = []
  for (const [at, line] of text.split('\n').entries()) {
    if (line.trim() === '') continue
    const [userid = '', from = '', until = '', ...note] = line.split(/[,，\t]/).map((part) => part.trim())
    const [begins, ends] = [momentOfWall(from), momentOfWall(until)]
    if (userid === '' || begins === undefined || ends === undefined) return at + 1
    rows.push({ userid, from: begins, until: ends, note: note.join(' ').slice(0, 100) })
  }
  return rows
}
