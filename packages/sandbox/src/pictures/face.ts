import { hash, seedOf } from '../random.ts'

/** Muted pairs of ground and shape, as default pictures have them. */
const COLOURS: readonly (readonly [string, string])[] = [
  ['#7BA7BC', '#5B8CA3'],
  ['#C9A27E', '#B0855C'],
  ['#8FB08C', '#6F946C'],
  ['#B893B0', '#9A7193'],
  ['#D0938B', '#B5736A'],
  ['#8C9CC0', '#6C7EA8'],
  ['#BFAF6E', '#A3934F'],
  ['#7FB3A6', '#5E9689'],
]

/** A picture for a person: the same for the same id, with the last character of the name. */
export function face(name: string, id: string): string {
  const h = seedOf(id)
  const [ground, shape] = COLOURS[h % COLOURS.length] ?? ['#999999', '#777777']
  const characters = [...new Intl.Segmenter().segment(name)].map((part) => part.segment)
  const sign = escapeXml(characters.find((one, n) => n > 0 && /\p{L}/u.test(one)) ?? characters[0] ?? '')
  const x = 30 + (hash(h, 1) % 60)
  const y = 30 + (hash(h, 2) % 60)
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 120 120" width="120" height="120">` +
    `<rect width="120" height="120" fill="${ground}"/><circle cx="${x}" cy="${y}" r="52" fill="${shape}" opacity=".55"/>` +
    `<text x="60" y="78" font-size="52" font-family="PingFang SC,Microsoft YaHei,sans-serif" text-anchor="middle" fill="#fff">` +
    `${sign}</text></svg>`
  )
}

function escapeXml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}
