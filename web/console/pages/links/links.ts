export const linksKey = ['links'] as const

/** Domains as they are typed, one a line. */
export function urlsOf(text: string): string[] {
  return text
    .split('\n')
    .map((line) => line.trim().replace(/\/$/, ''))
    .filter((line) => line !== '')
}

/** What the server would refuse, said while it is typed. */
export function settingsFault(urls: readonly string[], parameter: string): 'urls' | 'parameter' | undefined {
  if (urls.length > 5 || urls.some((url) => !/^https?:\/\/[^/?#\s]+$/.test(url))) return 'urls'
  return parameter === '' || /^[A-Za-z][\w-]{0,31}$/.test(parameter) ? undefined : 'parameter'
}
