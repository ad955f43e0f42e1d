import type { Person } from '../admin/schema.people.ts'

/** Where a visitor says who he is. Plain HTML: the phone shows it inside a frame. */
export function visitorsPage(
  address: string,
  people: readonly Person[],
  roles: readonly ('staff' | 'customer')[] = ['staff', 'customer'],
): string {
  const rows = people
    .map((person) => {
      const url = new URL(address)
      url.searchParams.set('visitor', person.id)
      const note =
        person.role === 'staff' ? `${person.position ?? ''} · ${person.departments?.[0]?.name ?? ''}` : '微信用户'
      return `<li><a href="${escapeHtml(url.pathname + url.search)}"><img src="${escapeHtml(person.face)}" alt=""><b>${escapeHtml(person.name)}</b><span>${escapeHtml(note)}</span></a></li>`
    })
    .join('')
  const tab = (role: string, label: string) => {
    const url = new URL(address)
    url.searchParams.set('role', role)
    return `<a href="${escapeHtml(url.pathname + url.search)}">${label}</a>`
  }
  return page(
    '以谁的身份继续？',
    `<h1>以谁的身份继续？ <small>Continue as</small></h1>${roles.length < 2 ? '' : `<nav>${tab('staff', '员工 Staff')} ${tab('customer', '客户 Customers')}</nav>`}<ul>${rows}</ul>`,
  )
}

/** What WeChat asks whoever does not follow the account before it tells a page his name. */
export function consentPage(address: string, account: string): string {
  const act = (agree: '0' | '1', label: string) => {
    const url = new URL(address)
    url.searchParams.set('agree', agree)
    return `<a class="act" href="${escapeHtml(url.pathname + url.search)}">${label}</a>`
  }
  const name = escapeHtml(account)
  return page(
    '微信授权',
    `<h1>${name} <small>申请获取你的昵称、头像 · asks for your name and picture</small></h1><p>${act('1', '同意 Allow')} ${act('0', '拒绝 Refuse')}</p>`,
  )
}

export function refusalPage(code: number, zh: string, en: string): string {
  return page('无法继续', `<h1>${escapeHtml(zh)} <small>${escapeHtml(en)} (${code})</small></h1>`)
}

function page(title: string, body: string): string {
  return (
    `<!doctype html><html lang="zh"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${title}</title>` +
    `<style>body{font:16px system-ui,sans-serif;max-width:30rem;margin:2rem auto;padding:0 1rem;color:#222}small{color:#667;font-weight:400;font-size:.7em}` +
    `ul{list-style:none;padding:0}li a{display:flex;gap:.75rem;align-items:center;padding:.5rem;color:inherit;text-decoration:none;border-bottom:1px solid #eee}` +
    `li a:hover{background:#f5f7f9}img{width:40px;height:40px;border-radius:6px}span{color:#667;font-size:.85em}nav a{margin-right:1rem}.act{display:inline-block;min-width:7rem;padding:.6rem 1rem;border:1px solid #07c160;border-radius:6px;color:#06823f;text-align:center;text-decoration:none}</style>` +
    `${body}</html>`
  )
}

function escapeHtml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')
}
