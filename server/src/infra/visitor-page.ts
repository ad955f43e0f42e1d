import type { Said } from './errors.ts'

/** The pages that customers see: small, without a script, good on a phone, and read by nobody but them. */

export type Language = keyof Said

export interface VisitorPage {
  readonly language: Language
  /** Whose page it is. */
  readonly brand: string
  /** Below the brand, e.g. the store. */
  readonly place?: string | null
  readonly title: string
  /** What stands in the card or cards: HTML. */
  readonly body: string
  /** What is known of the visitor, and what for. */
  readonly foot: string
  /** More for the head, and more style. */
  readonly head?: string
  readonly style?: string
}

const style = `
*{box-sizing:border-box}html{color-scheme:light}
body{margin:0;min-height:100vh;display:flex;justify-content:center;background:#FAF8F4;color:#1F2328;font:16px/1.6 "PingFang SC","Microsoft YaHei","Noto Sans SC",system-ui,sans-serif}
main{width:100%;max-width:420px;padding:40px 20px 32px;text-align:center}
.brand{margin:0;font-size:20px;font-weight:600}.place{margin:2px 0 0;color:#62666D}
.card{margin:28px auto 0;padding:24px 20px;background:#fff;border:1px solid #E9E4DB;border-radius:12px;box-shadow:0 4px 16px rgba(31,35,40,.05)}
.name{margin:0;font-size:18px;font-weight:600}
.note{margin:12px 0 0;color:#62666D;font-size:14px;white-space:pre-line}
.foot{margin:24px 0 0;color:#62666D;font-size:12px}
`

export function visitorPage(page: VisitorPage): string {
  const { language, brand, place, title, body, foot, head = '', style: more = '' } = page
  return `<!doctype html>
<html lang="${language === 'zh' ? 'zh-CN' : 'en'}"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width,initial-scale=1"><meta name="robots" content="noindex">${head}
<title>${escapeHtml(title)}</title><style>${style}${more}</style></head>
<body><main><h1 class="brand">${escapeHtml(brand)}</h1>${place ? `<p class="place">${escapeHtml(place)}</p>` : ''}
${body}
<p class="foot">${escapeHtml(foot)}</p></main></body></html>`
}

/** A page that says one thing. */
export function visitorNotice(page: Omit<VisitorPage, 'body'>, how: string): string {
  const body = `<section class="card"><h2 class="name">${escapeHtml(page.title)}</h2><p class="note">${escapeHtml(how)}</p></section>`
  return visitorPage({ ...page, body })
}

/** What a customer reads when something of ours failed; the cause is in the log. */
export function laterPage(language: Language): string {
  const say = language === 'zh'
  return visitorNotice(
    { language, brand: '暖域', title: say ? '暂时打不开' : 'Not now', foot: '' },
    say ? '请过一会儿再点一次。' : 'Please tap again in a while.',
  )
}

export function escapeHtml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')
}
