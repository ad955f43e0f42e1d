import type { Attachment } from '../campaign.ts'
import { byteLength } from '../spec.rules.ts'

/** Where the shop's mini program shows a product: its number and who sends the card are filled in. */
export interface ProductPage {
  readonly appid: string
  readonly page: string
}

export const numberMark = '{商品编号}'
export const senderMark = '{员工ID}'
export const usualPage = `pages/product/product?id=${numberMark}&staff=${senderMark}`

/** As many bytes as the platform takes for a mini program card's title. */
const titleBytes = 64

/** A product as a card that leads to it; the cover is uploaded at the card. */
export function productCard(product: { readonly name: string; readonly number: string }, at: ProductPage): Attachment {
  return {
    kind: 'miniprogram',
    title: within(product.name),
    appid: at.appid.trim(),
    page: at.page.trim().replaceAll(numberMark, encodeURIComponent(product.number)),
    asset_id: '',
  }
}

/** What is missing for orders by the card to be counted as the sender's, or for it to lead anywhere. */
export function pageFault({ appid, page }: ProductPage): 'appid' | 'number' | 'sender' | undefined {
  if (appid.trim() === '') return 'appid'
  if (!page.includes(numberMark)) return 'number'
  return page.includes(senderMark) ? undefined : 'sender'
}

function within(text: string): string {
  if (byteLength(text) <= titleBytes) return text
  let kept = ''
  for (const char of text) {
    if (byteLength(`${kept}${char}…`) > titleBytes) break
    kept += char
  }
  return `${kept}…`
}

const key = 'nuanyu.product-page'

/** What was used last on this machine, or what a shop usually has. */
export function lastPage(): ProductPage {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(key) ?? '')
    if (typeof kept === 'object' && kept !== null && 'appid' in kept && 'page' in kept)
      return { appid: String(kept.appid), page: String(kept.page) }
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error
  }
  return { appid: '', page: usualPage }
}

export function keepPage(page: ProductPage): void {
  localStorage.setItem(key, JSON.stringify(page))
}
