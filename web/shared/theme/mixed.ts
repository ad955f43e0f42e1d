/** `share` of one colour over another, both `#rrggbb`: a tint that holds in light and dark. */
export function mixed(over: string, under: string, share: number): string {
  const channel = (at: number) => {
    const top = Number.parseInt(over.slice(at, at + 2), 16)
    const bottom = Number.parseInt(under.slice(at, at + 2), 16)
    return Math.round(top * share + bottom * (1 - share))
      .toString(16)
      .padStart(2, '0')
  }
  return `#${channel(1)}${channel(3)}${channel(5)}`
}
