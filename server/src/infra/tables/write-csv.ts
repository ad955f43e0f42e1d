type Cell = string | number | null

/** What a spreadsheet would take for a formula, also in the wide forms of these signs. */
const formula = /^[=+\-@\t\r＝＋－＠]/u

/** A cell that no spreadsheet runs: an apostrophe before what would begin a formula. Numbers are numbers. */
export function harmless(cell: Cell): string {
  if (cell === null) return ''
  if (typeof cell === 'number') return String(cell)
  return formula.test(cell) ? `'${cell}` : cell
}

function line(cells: readonly Cell[]): string {
  return cells
    .map((cell) => {
      const text = harmless(cell)
      return /[",\r\n]|^\s|\s$/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
    })
    .join(',')
}

const bytes = new TextEncoder()

/** CSV as spreadsheets read it without being asked: UTF-8 with its mark, lines ended by CR LF. */
export function csvHeader(header: readonly string[]): Uint8Array {
  return bytes.encode(`\uFEFF${line(header)}\r\n`)
}

export function csvRows(rows: readonly (readonly Cell[])[]): Uint8Array {
  return bytes.encode(rows.map((row) => `${line(row)}\r\n`).join(''))
}
