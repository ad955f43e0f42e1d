/** FNV-1a: the same seed must give the same face on every machine. */
function hash(seed: string): number {
  let value = 0x811c9dc5
  for (let index = 0; index < seed.length; index += 1) {
    value = Math.imul(value ^ seed.charCodeAt(index), 0x01000193)
  }
  return value >>> 0
}

function chooser(seed: string) {
  let state = hash(seed) || 1
  return <T>(choices: readonly [T, ...T[]]): T => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return choices[(state >>> 8) % choices.length] ?? choices[0]
  }
}

const GROUNDS = ['#F6C453', '#7FB7BE', '#E8907E', '#8FAF7B', '#9C8CC4', '#6FA3D8', '#D9A5B3', '#C7B299'] as const
const SKINS = ['#F7D7BE', '#F2C9A8', '#EBBF9B', '#FBE0CB'] as const
const HAIRS = ['#2B2320', '#3A2A22', '#1F1B1C', '#5A3B28', '#6D4B34'] as const
const SHIRTS = ['#2F5D62', '#B4532A', '#4C5FB8', '#8A4B7F', '#FFFFFF', '#3D3D3D', '#0E7C66', '#E8A13A'] as const

const HAIR_SHAPES = [
  // short
  '<path d="M24 47c-2-20 8-31 26-31s28 11 26 31c-3-9-8-14-14-16-9 3-22 3-27 0-5 3-9 8-11 16z"/>',
  // bob
  '<path d="M20 66c-4-32 6-51 30-51s34 19 30 51c-2 4-10 4-11 0V44c-8-1-14-4-18-9-5 6-12 9-20 10v21c-1 4-9 4-11 0z"/>',
  // long
  '<path d="M19 88c-3-46 5-73 31-73s34 27 31 73H68V46c-9-1-15-5-18-11-4 7-11 10-18 11v42z"/>',
  // bun
  '<circle cx="50" cy="13" r="10"/><path d="M24 48c-3-20 8-32 26-32s29 12 26 32c-3-10-12-17-26-17s-23 7-26 17z"/>',
  // side parting
  '<path d="M23 48c-3-21 8-32 28-32 19 0 28 12 26 31-3-6-5-10-9-13-12 1-26-2-33-8-2 9-8 12-12 22z"/>',
] as const

function portrait(seed: string): string {
  const choose = chooser(seed)
  const ground = choose(GROUNDS)
  const hair = choose(HAIRS)
  const skin = choose(SKINS)
  const shirt = choose(SHIRTS)
  const shape = choose(HAIR_SHAPES)
  const smile = choose(['M43 62q7 7 14 0', 'M44 62q6 4 12 0', 'M42 61q8 10 16 0z'] as const)
  const glasses = choose([
    '',
    '',
    '',
    '<g fill="none" stroke="#333" stroke-width="1.6"><circle cx="41" cy="50" r="6.5"/><circle cx="59" cy="50" r="6.5"/><path d="M47.5 50h5"/></g>',
  ] as const)
  const behind = shape === HAIR_SHAPES[2] ? `<g fill="${hair}">${shape}</g>` : ''
  const before =
    behind === '' ? shape : '<path d="M27 46c-1-16 9-26 23-26s24 10 23 26c-8-1-19-5-23-12-5 8-14 11-23 12z"/>'
  return `<rect width="100" height="100" fill="${ground}"/>${behind}<path d="M14 104c0-20 16-28 36-28s36 8 36 28z" fill="${shirt}"/><path d="M42 66h16v13q-8 7-16 0z" fill="${skin}"/><ellipse cx="50" cy="50" rx="22" ry="25" fill="${skin}"/><g fill="${hair}">${before}</g><circle cx="41" cy="50" r="2.4" fill="#2B2320"/><circle cx="59" cy="50" r="2.4" fill="#2B2320"/><circle cx="35" cy="57" r="4" fill="#E88" opacity=".35"/><circle cx="65" cy="57" r="4" fill="#E88" opacity=".35"/><path d="${smile}" fill="none" stroke="#8A3B2E" stroke-width="2" stroke-linecap="round"/>${glasses}`
}

/** Many people show no face on WeChat but a place or a thing. */
function scene(seed: string): string {
  const choose = chooser(`${seed}/scene`)
  const sky = choose(['#F9B57A', '#9CC9E8', '#3C4A78', '#F4A6A0', '#BFE0D6'] as const)
  const near = choose(['#2F5D62', '#4A6B45', '#5C4B73', '#1F3A5F'] as const)
  const far = choose(['#6B9080', '#8C7AA9', '#5B8FA8', '#C98B6B'] as const)
  const sun = choose(['#FFF3C4', '#FFE08A', '#FFFFFF', '#FF8C5A'] as const)
  const x = choose([28, 50, 70] as const)
  const front = choose([
    `<path d="M-5 78q26-22 52-4t60-8v40H-5z" fill="${near}"/>`,
    `<path d="M-5 100 30 52l22 30 16-20 40 45z" fill="${near}"/>`,
    `<path d="M0 76h100v30H0z" fill="${near}"/><g stroke="${sun}" stroke-width="2" opacity=".6"><path d="M30 82h40M38 88h24M22 94h56"/></g>`,
    `<path d="M50 100V62" stroke="#5B3E2B" stroke-width="6"/><circle cx="50" cy="50" r="24" fill="${near}"/><circle cx="38" cy="58" r="13" fill="${near}"/><circle cx="63" cy="58" r="13" fill="${near}"/>`,
  ] as const)
  return `<rect width="100" height="100" fill="${sky}"/><circle cx="${x}" cy="34" r="14" fill="${sun}"/><path d="M-5 74 24 44l20 22 22-28 40 44v30H-5z" fill="${far}"/>${front}`
}

/** A drawn face, or, for two customers of five, a landscape. The same for the same id. */
export function portraitOf(id: string, role: 'staff' | 'customer'): string {
  return framed(role === 'customer' && hash(id) % 5 < 2 ? scene(id) : portrait(id))
}

/** WeChat shows a group as its first members on grey. */
export function mosaicOf(members: readonly { id: string; role: 'staff' | 'customer' }[]): string {
  const shown = members.slice(0, 9)
  const columns = shown.length <= 1 ? 1 : shown.length <= 4 ? 2 : 3
  const size = (100 - 4 * (columns + 1)) / columns
  const tiles = shown.map(({ id, role }, index) => {
    const x = 4 + (index % columns) * (size + 4)
    const y = 4 + Math.floor(index / columns) * (size + 4)
    const drawing = role === 'customer' && hash(id) % 5 < 2 ? scene(id) : portrait(id)
    return `<svg x="${x}" y="${y}" width="${size}" height="${size}" viewBox="0 0 100 100">${drawing}</svg>`
  })
  return framed(`<rect width="100" height="100" fill="#D8D8D8"/>${tiles.join('')}`)
}

/** An app's icon: its kind of blue with a speech mark. */
export function appIconOf(id: string): string {
  const ground = chooser(id)(['#2873D9', '#0E7C66', '#4C5FB8'] as const)
  return framed(
    `<rect width="100" height="100" fill="${ground}"/><path d="M26 34h48a6 6 0 0 1 6 6v22a6 6 0 0 1-6 6H50L36 80V68H26a6 6 0 0 1-6-6V40a6 6 0 0 1 6-6z" fill="#fff"/>`,
  )
}

function framed(drawing: string): string {
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 100 100" width="120" height="120">${drawing}</svg>`
}
