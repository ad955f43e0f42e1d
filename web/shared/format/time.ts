import { currentLanguage } from '../i18n/i18n.ts'

/** Business days and hours are the corp's, whatever the reader's machine thinks. */
export const corpTimeZone = 'Asia/Shanghai'

const second = 1000
const minute = 60 * second
const hour = 60 * minute
const day = 24 * hour

type Parts = Record<'year' | 'month' | 'day' | 'hour' | 'minute' | 'second', string>

const formatter = new Intl.DateTimeFormat('en-CA', {
  timeZone: corpTimeZone,
  hourCycle: 'h23',
  year: 'numeric',
  month: '2-digit',
  day: '2-digit',
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
})

function parts(at: number): Parts {
  const found: Parts = { year: '', month: '', day: '', hour: '', minute: '', second: '' }
  for (const { type, value } of formatter.formatToParts(at)) {
    if (type in found) found[type as keyof Parts] = value
  }
  return found
}

export function toMs(at: number | string | Date): number {
  return at instanceof Date ? at.getTime() : typeof at === 'number' ? at : Date.parse(at)
}

/** 2026-11-22 14:41:31, in the corp's zone. */
export function exactTime(at: number | string | Date): string {
  const p = parts(toMs(at))
  return `${p.year}-${p.month}-${p.day} ${p.hour}:${p.minute}:${p.second}`
}

/** 14:41 */
export function clockTime(at: number | string | Date): string {
  const p = parts(toMs(at))
  return `${p.hour}:${p.minute}`
}

/** 3 分钟前, 昨天…: rounded to the biggest unit; from a week on the date. */
export function ago(at: number | string | Date, now: number): string {
  const ms = toMs(at)
  const gap = ms - now
  const size = Math.abs(gap)
  const language = currentLanguage()
  if (size < 45 * second) return language === 'zh-CN' ? '刚刚' : 'just now'
  if (size >= 7 * day) {
    const p = parts(ms)
    return p.year === parts(now).year && language === 'zh-CN'
      ? `${Number(p.month)} 月 ${Number(p.day)} 日`
      : `${p.year}-${p.month}-${p.day}`
  }
  const [amount, unit] =
    size < hour
      ? [Math.round(gap / minute), 'minute' as const]
      : size < day
        ? [Math.round(gap / hour), 'hour' as const]
        : [Math.round(gap / day), 'day' as const]
  const text = new Intl.RelativeTimeFormat(language, { numeric: 'always' }).format(amount, unit)
  // The platform writes 3分钟前; our typography sets figures apart from Chinese.
  return language === 'zh-CN' ? text.replace(/^(\d+)/, '$1 ') : text
}

/** 2.4 秒, 3 分 20 秒, 5 小时 6 分; below a second 120 毫秒. */
export function duration(ms: number): string {
  const zh = currentLanguage() === 'zh-CN'
  const unit = (chinese: string, english: string) => (zh ? ` ${chinese}` : ` ${english}`)
  if (ms < second) return `${Math.round(ms)}${unit('毫秒', 'ms')}`
  if (ms < minute) return `${trimmed(ms / second)}${unit('秒', 's')}`
  const [big, small, bigUnit, smallUnit] =
    ms < hour
      ? [Math.floor(ms / minute), Math.round((ms % minute) / second), unit('分', 'min'), unit('秒', 's')]
      : ms < day
        ? [Math.floor(ms / hour), Math.round((ms % hour) / minute), unit('小时', 'h'), unit('分', 'min')]
        : [Math.floor(ms / day), Math.round((ms % day) / hour), unit('天', 'd'), unit('小时', 'h')]
  return small === 0 ? `${big}${bigUnit}` : `${big}${bigUnit} ${small}${smallUnit}`
}

function trimmed(seconds: number): string {
  return seconds >= 10 ? String(Math.round(seconds)) : seconds.toFixed(1).replace(/\.0$/, '')
}
