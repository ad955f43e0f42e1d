import { type Actor, seesPersonalData } from './actor.ts'

const graphemes = new Intl.Segmenter('zh', { granularity: 'grapheme' })

/** `13812345678` → `138****5678`. Shorter numbers keep their last two digits only. */
export function maskPhone(phone: string): string {
  const shown = phone.trim()
  if (shown === '') return ''
  if (shown.length < 8) return `****${shown.slice(-2)}`
  return `${shown.slice(0, 3)}****${shown.slice(-4)}`
}

/** `张三` → `张*`, `欧阳娜娜` → `欧**娜`; counts what a person sees as one character, so no emoji is cut in two. */
export function maskName(name: string): string {
  const parts = [...graphemes.segment(name.trim())].map((part) => part.segment)
  const [first = '', last = ''] = [parts[0], parts.at(-1)]
  if (parts.length <= 1) return parts.length === 0 ? '' : '*'
  if (parts.length === 2) return `${first}*`
  return `${first}${'*'.repeat(Math.min(parts.length - 2, 4))}${last}`
}

/** The phone number as this actor may see it in a list or detail. */
export function phoneFor(actor: Actor, phone: string): string {
  return seesPersonalData(actor) ? phone : maskPhone(phone)
}

/** The real name as this actor may see it in a list or detail. */
export function nameFor(actor: Actor, name: string): string {
  return seesPersonalData(actor) ? name : maskName(name)
}
