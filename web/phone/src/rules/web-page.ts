/** `<meta http-equiv="refresh" content="2;url=?again=1">`: when and where the page wants to look again. */
export function refreshOf(
  content: string | null | undefined,
  pageUrl: string,
): { afterMs: number; url: string } | undefined {
  const parts = /^\s*(\d+(?:\.\d+)?)\s*(?:[;,]\s*(?:url\s*=\s*)?["']?([^"']*)["']?\s*)?$/i.exec(content ?? '')
  if (!parts) return undefined
  const target = parts[2] ?? ''
  return URL.canParse(target, pageUrl)
    ? { afterMs: Number(parts[1]) * 1000, url: new URL(target, pageUrl).href }
    : undefined
}
