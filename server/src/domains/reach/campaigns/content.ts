import type { CampaignContent } from './campaign.schema.ts'

/** Stands for the brand’s name: who it is that writes. */
export const brandPlaceholder = '{品牌}'
/** Stands for the address of the page on which one receives less, or nothing. */
export const preferencesPlaceholder = '{少打扰}'
/** In an address, a product’s card or a mini program’s page: the member who sends, so that what is bought there is his. */
export const senderPlaceholder = '{员工ID}'
export const placeholders: ReadonlySet<string> = new Set([brandPlaceholder, preferencesPlaceholder, senderPlaceholder])
/** As long as a member's id can be. */
export const longestSender = 'x'.repeat(64)

/** What an address in a text is made of; Chinese words and signs end it, and so does a stop at its end. */
const address = /https?:\/\/[\w\-.~:/?#[\]@!$&'()*+,;=%]+/giu
const stop = /[.,;:!?'")\]]+$/u

export interface Rendering {
  readonly brand: string
  /** By the address as it was written: by which one it is opened. */
  readonly links: ReadonlyMap<string, string>
  readonly preferences: string
  /** By a card's place (`pageOf`): the page as it says its token. */
  readonly pages?: ReadonlyMap<string, string>
}

/** A content as its task says it: the brand, the page of preferences, and every tracked address by its link. */
export function renderContent(
  content: CampaignContent,
  { brand, links, preferences, pages }: Rendering,
): CampaignContent {
  const tracked = (url: string) => links.get(url) ?? url
  return {
    text: eachAddress(content.text, tracked)
      .replaceAll(brandPlaceholder, () => brand)
      .replaceAll(preferencesPlaceholder, () => preferences),
    attachments: content.attachments.map((one) => {
      if (one.kind === 'link') return { ...one, url: tracked(one.url) }
      return one.kind === 'miniprogram' ? { ...one, page: pages?.get(pageOf(one)) ?? one.page } : one
    }),
  }
}

/** A content as the task of one member has it: his id stands in its addresses, and in mini programs' pages. */
export function contentOf(content: CampaignContent, sender: string): CampaignContent {
  const named = (text: string) => text.replaceAll(senderPlaceholder, () => encodeURIComponent(sender))
  return {
    text: named(content.text),
    attachments: content.attachments.map((one) => {
      if (one.kind === 'link') return { ...one, url: named(one.url) }
      return one.kind === 'miniprogram' ? { ...one, page: named(one.page) } : one
    }),
  }
}

/** The addresses of a content that are tracked, each once, in the order in which somebody meets them. */
export function urlsOf(content: CampaignContent): readonly string[] {
  const found: string[] = []
  eachAddress(content.text, (url) => {
    found.push(url)
    return url
  })
  for (const one of content.attachments) if (one.kind === 'link') found.push(one.url)
  return [...new Set(found)]
}

/** Where a mini program's card leads, as it is told: nobody gets there by an address. */
const pageOf = ({ appid, page }: { readonly appid: string; readonly page: string }) => `miniprogram:${appid}/${page}`

/** The pages to which the cards of a content lead, each once: by where it leads, the page itself. */
export function pagesOf(content: CampaignContent): ReadonlyMap<string, string> {
  return new Map(
    content.attachments.flatMap((one) => (one.kind === 'miniprogram' ? [[pageOf(one), one.page] as const] : [])),
  )
}

function eachAddress(text: string, by: (url: string) => string): string {
  return text.replace(address, (match) => {
    const url = match.replace(stop, '')
    return by(url) + match.slice(url.length)
  })
}
