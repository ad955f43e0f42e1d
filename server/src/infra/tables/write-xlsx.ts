import { type ZipEntry, zipOf } from './zip.ts'

type Cell = string | number | null
type Pages = AsyncIterable<readonly (readonly Cell[])[]>

/** Excel's own limits: of a sheet, and of a cell. */
const sheetRows = 1_048_576
const maxText = 32_767
/** `quotePrefix`: stays text also when somebody edits the cell; the header is bold. */
const styles = { plain: 0, header: 1, text: 2 } as const

const xml = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
const main = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main'
const office = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships'
const packaged = 'http://schemas.openxmlformats.org/package/2006'
const typed = 'application/vnd.openxmlformats-officedocument.spreadsheetml'

/** A workbook of text and numbers, written row by row: a page is in memory at a time. What does not fit a sheet goes on in the next. */
export function workbookOf(
  header: readonly string[],
  pages: Pages,
  maxRows: number = sheetRows,
): AsyncGenerator<Uint8Array> {
  return zipOf(partsOf(header, pages, maxRows))
}

async function* partsOf(header: readonly string[], pages: Pages, maxRows: number): AsyncGenerator<ZipEntry> {
  const rows = pages[Symbol.asyncIterator]()
  let left: readonly (readonly Cell[])[] = []
  let over = false
  let sheets = 0
  const sheet = async function* () {
    yield bytes(`${xml}<worksheet xmlns="${main}"><sheetData>${row(1, header, styles.header)}`)
    let at = 2
    while (at <= maxRows) {
      if (left.length === 0) {
        const next = await rows.next()
        if (next.done === true) {
          over = true
          break
        }
        left = next.value
      }
      const fitting = left.slice(0, maxRows - at + 1)
      const from = at
      yield bytes(fitting.map((cells, place) => row(from + place, cells, styles.plain)).join(''))
      at += fitting.length
      left = left.slice(fitting.length)
    }
    yield bytes('</sheetData></worksheet>')
  }
  try {
    while (!over) {
      sheets += 1
      yield { name: `xl/worksheets/sheet${sheets}.xml`, parts: sheet() }
    }
  } finally {
    await rows.return?.()
  }
  const all = Array.from({ length: sheets }, (_, at) => at + 1)
  yield part('xl/styles.xml', stylesXml)
  yield part(
    'xl/workbook.xml',
    `<workbook xmlns="${main}" xmlns:r="${office}"><sheets>${all
      .map((no) => `<sheet name="Sheet${no}" sheetId="${no}" r:id="rId${no}"/>`)
      .join('')}</sheets></workbook>`,
  )
  const relation = (id: string, type: string, target: string) =>
    `<Relationship Id="${id}" Type="${office}/${type}" Target="${target}"/>`
  const relations = (inner: string) => `<Relationships xmlns="${packaged}/relationships">${inner}</Relationships>`
  yield part(
    'xl/_rels/workbook.xml.rels',
    relations(
      `${all.map((no) => relation(`rId${no}`, 'worksheet', `worksheets/sheet${no}.xml`)).join('')}${relation('rIdStyles', 'styles', 'styles.xml')}`,
    ),
  )
  yield part('_rels/.rels', relations(relation('rId1', 'officeDocument', 'xl/workbook.xml')))
  const override = (name: string, type: string) => `<Override PartName="${name}" ContentType="${typed}.${type}+xml"/>`
  yield part(
    '[Content_Types].xml',
    `<Types xmlns="${packaged}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>${override('/xl/workbook.xml', 'sheet.main')}${override('/xl/styles.xml', 'styles')}${all.map((no) => override(`/xl/worksheets/sheet${no}.xml`, 'worksheet')).join('')}</Types>`,
  )
}

const stylesXml = `<styleSheet xmlns="${main}"><fonts count="2"><font/><font><b/></font></fonts><fills count="1"><fill/></fills><borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs><cellXfs count="3"><xf/><xf fontId="1" applyFont="1"/><xf numFmtId="49" quotePrefix="1" applyNumberFormat="1"/></cellXfs></styleSheet>`

const encoder = new TextEncoder()
const bytes = (text: string) => encoder.encode(text)
const part = (name: string, inner: string): ZipEntry => ({ name, parts: [bytes(`${xml}${inner}`)] })

function row(no: number, cells: readonly Cell[], style: number): string {
  return `<row r="${no}">${cells.map((cell, place) => cellXml(`${columnOf(place)}${no}`, cell, style)).join('')}</row>`
}

function cellXml(place: string, cell: Cell, style: number): string {
  if (cell === null || cell === '') return ''
  if (typeof cell === 'number') return Number.isFinite(cell) ? `<c r="${place}"><v>${cell}</v></c>` : ''
  const shown = style === styles.plain && /^[=+\-@\t\r'＝＋－＠]/u.test(cell) ? styles.text : style
  const styled = shown === styles.plain ? '' : ` s="${shown}"`
  return `<c r="${place}" t="inlineStr"${styled}><is><t xml:space="preserve">${escaped(cell.slice(0, maxText))}</t></is></c>`
}

const letters: string[] = []
/** 0 → A, 26 → AA. */
function columnOf(place: number): string {
  letters[place] ??=
    place < 26 ? String.fromCharCode(65 + place) : columnOf(Math.floor(place / 26) - 1) + columnOf(place % 26)
  return letters[place]
}

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' }

function escaped(text: string): string {
  if (!/[&<>_\p{Cc}\p{Cs}\uFFFE\uFFFF]/u.test(text)) return text
  return text
    .replaceAll(/_(?=x[0-9A-Fa-f]{4}_)/g, '_x005F_')
    .replaceAll(/[&<>]/g, (sign) => entities[sign] ?? '')
    .replaceAll(/[^\P{Cc}\t\n\r]|[\p{Cs}\uFFFE\uFFFF]/gu, '')
}
