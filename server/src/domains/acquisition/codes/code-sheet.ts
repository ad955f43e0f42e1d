import { escapeHtml } from '../../../infra/visitor-page.ts'

/** A page to print: codes in a grid with their names, sized in millimetres. Plain HTML, so that any printer takes it. */

export interface SheetCode {
  readonly name: string
  readonly note: string
  /** An SVG drawing that was read back. */
  readonly svg: string
}

export interface SheetLayout {
  readonly title: string
  /** Side of a code in millimetres. */
  readonly sizeMm: number
  readonly language: 'zh' | 'en'
}

export function sheetHtml(codes: readonly SheetCode[], layout: SheetLayout): string {
  const { sizeMm, title, language } = layout
  const cards = codes
    .map(
      ({ name, note, svg }) =>
        `<figure><div class="code">${svg}</div><figcaption><b>${escapeHtml(name)}</b><span>${escapeHtml(note)}</span></figcaption></figure>`,
    )
    .join('\n')
  return `<!doctype html>
<html lang="${language === 'zh' ? 'zh-CN' : 'en'}">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${escapeHtml(title)}</title>
<style>
@page { size: A4; margin: 12mm }
* { box-sizing: border-box }
body { margin: 0; font: 11pt/1.5 "PingFang SC","Microsoft YaHei","Noto Sans SC",system-ui,sans-serif; color: #000; background: #fff }
main { display: flex; flex-wrap: wrap; gap: 8mm }
figure { margin: 0; width: ${sizeMm}mm; break-inside: avoid; text-align: center }
.code svg { display: block; width: ${sizeMm}mm; height: ${sizeMm}mm }
figcaption b, figcaption span { display: block; overflow-wrap: anywhere }
figcaption span { font-size: 9pt; color: #444 }
</style></head>
<body><main>
${cards}
</main></body></html>`
}
