import type { Stack } from './stack.ts'

export type Session = { readonly person: string | undefined; readonly stack: Stack; readonly visit: number }

/**
 * Deep links: `?as=<person>` plays someone, `&scan=<content>` lets him scan at once, `&chat=<peer>` opens a chat,
 * `&moments` his Moments.
 */
export function sessionFromAddress(search: string, remembered: string | undefined): Session {
  const params = new URLSearchParams(search)
  const scan = params.get('scan')
  const chat = params.get('chat')
  return {
    person: params.get('as') || remembered,
    stack: scan
      ? [{ name: 'scanned', content: scan }]
      : chat
        ? [{ name: 'chat', peer: chat }]
        : params.has('moments')
          ? [{ name: 'moments' }]
          : [],
    visit: 0,
  }
}

/** The address that leads back to this person; a scan is not repeated by a reload. */
export function addressOf(person: string): string {
  return `?${new URLSearchParams({ as: person })}`
}
