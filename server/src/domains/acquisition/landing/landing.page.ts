import type { Said } from '../../../infra/errors.ts'
import { escapeHtml, type Language, visitorNotice, visitorPage } from '../../../infra/visitor-page.ts'

/** What a customer sees who scanned the code of a landing page: one member's code, or why there is none now. */

export interface LandingView {
  readonly language: Language
  readonly brand: string
  readonly place: string | null
}

const style = `
.face{width:56px;height:56px;margin:0 auto 8px;border-radius:8px;background:#E6F2EF;color:#0E7C66;font-size:24px;line-height:56px}
.code{display:block;width:240px;height:240px;margin:16px auto 12px}
.how{margin:0;color:#0E7C66;font-weight:600}
`

const words = {
  how: { zh: '长按二维码，添加我为好友', en: 'Press and hold the code to add me' },
  owner: { zh: '你的专属顾问', en: 'Your own advisor' },
  advisor: { zh: '为你服务', en: 'At your service' },
  preparing: { zh: '正在为你准备专属二维码…', en: 'Your code is being made…' },
  closed: { zh: '现在是休息时间', en: 'We are closed now' },
  closedHow: { zh: '请稍后再扫这个码，我们会尽快为你服务。', en: 'Please scan this code again later.' },
  gone: { zh: '这个二维码已停用', en: 'This code is no longer in use' },
  goneHow: { zh: '请向店员索取新的二维码。', en: 'Please ask the staff for the new one.' },
  busy: { zh: '访问的人有点多', en: 'Too many visits' },
  busyHow: { zh: '请过几分钟再扫一次。', en: 'Please scan again in a few minutes.' },
  privacy: {
    zh: '本页只用一个随机编号记住为你服务的顾问，不收集你的个人信息。',
    en: 'This page remembers your advisor by a random number and collects no personal data.',
  },
} as const satisfies Record<string, Said>

function page(view: LandingView, title: string, body: string, head = ''): string {
  return visitorPage({ ...view, title, body, head, style, foot: words.privacy[view.language] })
}

export function memberPage(view: LandingView, member: { name: string; picture: string; owner: boolean }): string {
  const { language } = view
  return page(
    view,
    `${member.name} · ${view.brand}`,
    `<section class="card"><div class="face" aria-hidden="true">${escapeHtml([...member.name].at(-1) ?? '')}</div>
<h2 class="name">${escapeHtml(member.name)}</h2><p class="note">${words[member.owner ? 'owner' : 'advisor'][language]}</p>
<img class="code" src="${member.picture}" alt="${escapeHtml(member.name)}"><p class="how">${words.how[language]}</p></section>`,
  )
}

/** The member's code is being made at the platform: the page looks again by itself. */
export function preparingPage(view: LandingView): string {
  const text = words.preparing[view.language]
  return page(
    view,
    text,
    `<section class="card"><p class="name" role="status">${text}</p></section>`,
    '<meta http-equiv="refresh" content="2;url=?again=1">',
  )
}

export function closedPage(view: LandingView, kind: 'closed' | 'gone' | 'busy', text: string): string {
  const how = text === '' ? words[`${kind}How`][view.language] : text
  const { [kind]: title, privacy } = words
  return visitorNotice({ ...view, title: title[view.language], foot: privacy[view.language] }, how)
}
