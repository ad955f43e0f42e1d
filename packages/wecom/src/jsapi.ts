import { hash } from 'node:crypto'

/**
 * Signature of a page for the JS-SDK (D90506): fixed order, nothing URL-encoded, the address without `#…`.
 *
 * @param timestamp seconds since 1970
 * @returns SHA-1 as lower-case hex
 */
export function signJsapi(page: { ticket: string; nonceStr: string; timestamp: number; url: string }): string {
  const url = page.url.split('#', 1)[0] ?? ''
  return hash('sha1', `jsapi_ticket=${page.ticket}&noncestr=${page.nonceStr}&timestamp=${page.timestamp}&url=${url}`)
}
